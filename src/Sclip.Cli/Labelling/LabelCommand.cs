using System.CommandLine;
using Sclip.Cli.Scripting;
using Sclip.Imaging;

namespace Sclip.Cli.Labelling;

/// <summary><c>sclip label</c>: its options.</summary>
internal static class LabelCommand
{
    public static Command Create(CliContext context)
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = $"Pictures ({ImageDecoder.Formats}), folders of them, or globs such as 'photos/**/*.jpg'.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out")
        {
            Description = "Where masks, overlays, scores and results.jsonl go.",
            DefaultValueFactory = _ => "sclip-out",
        };
        var settings = new SettingsOptions(SettingsOptions.ModelHere);
        var overlay = new Option<bool>("--overlay")
        {
            Description = "Also write the picture with translucent classes and a legend.",
        };
        var scores = new Option<bool>("--scores")
        {
            Description = "Also write class scores as float16 arrays [classes, height, width] (.npy).",
        };
        var doubt = new Option<bool>("--doubt")
        {
            Description = "Also write how much each pixel is in doubt, as grey PNG: 255 where the next class is as likely.",
        };
        var report = LabelRun.CreateReportOption();
        var json = JsonOption.Create();
        var device = new DeviceOptions();
        var threads = new Option<int>("--threads")
        {
            Description = "Threads that compute; results do not depend on it.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var limits = new LimitOptions();
        var force = new Option<bool>("--force")
        {
            Description = "Label again what is labelled already, also with other settings.",
        };

        var command = new Command("label", "Label pictures: one mask a picture. Run again, it goes on where it was interrupted.") { inputs };
        settings.AddTo(command);
        settings.AddKeepingTo(command);
        device.AddTo(command);
        foreach (var option in (Option[])[output, overlay, scores, doubt, report, threads])
            command.Add(option);
        limits.AddTo(command);
        command.Add(force);
        command.Add(json);
        command.SetAction((parsed, _) => LabelRun.Of(context, parsed.GetValue(json)).RunAsync(new LabelArguments
        {
            Inputs = parsed.GetRequiredValue(inputs),
            Labels = settings.ReadLabels(context, parsed),
            Model = parsed.GetRequiredValue(settings.Model),
            Guide = settings.GivenGuide(parsed),
            Output = parsed.GetRequiredValue(output),
            Settings = settings.Read(parsed, parsed.GetValue(overlay), parsed.GetValue(scores), parsed.GetValue(doubt)) with { KeepFeatures = settings.ReadKeeping(parsed) },
            Device = device.Read(parsed),
            Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(threads), 1)!,
            Limits = limits.Read(parsed),
            PictureSeconds = limits.ReadSeconds(parsed),
            Force = parsed.GetValue(force),
            Report = parsed.GetValue(report),
        }));
        return command;
    }
}
