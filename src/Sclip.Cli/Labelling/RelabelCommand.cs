using System.CommandLine;
using Sclip.Cli.Scripting;
using Sclip.Contracts.Folders;

namespace Sclip.Cli.Labelling;

/// <summary><c>sclip relabel</c>: its options.</summary>
internal static class RelabelCommand
{
    public static Command Create(CliContext context)
    {
        var source = new Argument<string>("KEPT") { Description = "A folder that `sclip label --keep-features` wrote." };
        var output = new Option<string>("--out") { Description = "Where masks, overlays, scores and results.jsonl go: another folder.", Required = true };
        var settings = new SettingsOptions(SettingsOptions.ModelHere);
        settings.Model.Description = "Where the model lies that KEPT was labelled by, a directory or id (default: where it lay then).";
        settings.Model.DefaultValueFactory = null;
        settings.DescribeKept("KEPT");
        var pictures = new Option<string?>("--pictures") { Description = "The folder of the pictures, where they were moved since: overlays and PAMR need them, and pictures without usable features." };
        var overlay = new Option<bool>("--overlay") { Description = "Also write the picture with translucent classes and a legend; needs the pictures." };
        var scores = new Option<bool>("--scores") { Description = "Also write class scores as float16 arrays [classes, height, width] (.npy)." };
        var doubt = new Option<bool>("--doubt") { Description = "Also write how much each pixel is in doubt, as grey PNG: 255 where the next class is as likely." };
        var report = LabelRun.CreateReportOption();
        var json = JsonOption.Create();
        var device = new DeviceOptions();
        device.DescribeKept();
        var threads = new Option<int>("--threads") { Description = "Threads that compute; results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var limits = new LimitOptions();
        var force = new Option<bool>("--force") { Description = "Label again what is labelled already, also with other settings." };

        var command = new Command("relabel", "Label the kept features of pictures by other names, without a forward pass. Model, method, short side, crop and stride are KEPT's. Run again, it goes on where it was interrupted.") { source };
        settings.AddTo(command);
        device.AddTo(command);
        foreach (var option in (Option[])[output, pictures, overlay, scores, doubt, report, threads])
            command.Add(option);
        limits.AddTo(command);
        command.Add(force);
        command.Add(json);
        command.SetAction((parsed, _) =>
        {
            var (from, to) = (parsed.GetRequiredValue(source), parsed.GetRequiredValue(output));
            if (FolderMarker.Place(from) == FolderMarker.Place(to))
                throw new UserException($"--out {to} is the folder of the features: its masks would be lost. Choose another --out.");
            var given = settings.Read(parsed, parsed.GetValue(overlay), parsed.GetValue(scores), parsed.GetValue(doubt));
            var features = FeatureFolder.Open(from, parsed.GetValue(pictures));
            return LabelRun.Of(context, parsed.GetValue(json)).RunAsync(new LabelArguments
            {
                Command = "relabel",
                Features = features,
                Labels = settings.ReadLabels(context, parsed),
                Model = settings.GivenModel(parsed),
                Guide = settings.GivenGuide(parsed),
                Output = to,
                Settings = features.Complete(given),
                // Features are labelled on the CPU; a GPU would be made ready for none of them.
                Device = device.Read(parsed, otherwise: "cpu"),
                Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(threads), 1)!,
                Limits = limits.Read(parsed),
                PictureSeconds = limits.ReadSeconds(parsed),
                Force = parsed.GetValue(force),
                Report = parsed.GetValue(report),
            });
        });
        return command;
    }
}
