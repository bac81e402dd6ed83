using System.CommandLine;
using Sclip.Cli.Evaluating;
using Sclip.Cli.Labelling;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Workbench.Sessions;

namespace Sclip.Cli.Workbench;

/// <summary><c>sclip workbench</c>: its options.</summary>
internal static class WorkbenchCommand
{
    public static Command Create(CliContext context)
    {
        var inputs = new Argument<string[]>("PICTURES")
        {
            Description = $"Pictures ({ImageDecoder.Formats}), folders of them, or globs, at most {SessionSetup.MostPictures} in all; or a folder that `sclip label --keep-features` wrote.",
            Arity = ArgumentArity.OneOrMore,
        };
        var settings = new SettingsOptions(SettingsOptions.ModelHere);
        var truth = new GroundTruthOptions();
        var sample = new Option<int?>("--sample") { Description = $"Take so many of the pictures, spread over all of them: 1 to {SessionSetup.MostPictures}." };
        var output = new Option<string>("--out") { Description = "The label file that Save writes.", DefaultValueFactory = _ => "workbench-labels.json" };
        var port = new Option<int>("--port") { Description = "Where it listens on this machine; 0 takes a free port.", DefaultValueFactory = _ => 0 };
        var device = new DeviceOptions();
        var threads = new Option<int>("--threads") { Description = "Threads that compute; results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var pamr = new Option<bool>("--pamr") { Hidden = true };

        var command = new Command("workbench", "Choose class names on a page of this machine: masks of some pictures follow as you type. Goes on until Ctrl-C; the same command goes on where it was.") { inputs };
        settings.AddWithoutPamrTo(command);
        foreach (var option in (Option[])[sample, truth.Truth, .. truth.OfMasks, .. truth.Set.OfReading, output, port])
            command.Add(option);
        device.AddTo(command);
        command.Add(threads);
        command.Add(pamr);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(pamr))
                throw new UserException("The workbench shows masks without PAMR, which needs the pixels: leave --pamr to the run that labels everything.");
            var (from, to, labels) = (parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(output), settings.ReadLabelsIfGiven(context, parsed));
            var given = settings.ReadWithoutPamr(parsed);
            DenseMethods.Validate(given.Method);
            if (labels is not null)
                SettingsOptions.RequireBackground(labels, given);
            OutputFile.Require(to, "label file", "labels.json", LabelFile.RequireReplaceable);
            var pictures = await WorkbenchPictures.OpenAsync(context, from, InRange("--sample", parsed.GetValue(sample), 1, SessionSetup.MostPictures));
            using var masks = WorkbenchTruth.Open(context, parsed, truth, from, pictures.All, labels?.Classes);
            return await new WorkbenchRun(context).RunAsync(new WorkbenchArguments
            {
                Inputs = from,
                Pictures = pictures,
                Labels = labels,
                LabelsFile = settings.GivenLabelsText(parsed) is { } text && File.Exists(text) ? text : null,
                Model = pictures.Kept is null ? parsed.GetRequiredValue(settings.Model) : settings.GivenModel(parsed),
                GivenGuide = settings.GivenGuide(parsed),
                Settings = pictures.Kept?.Complete(given) ?? given,
                Templates = settings.GivenTemplates(parsed),
                Output = to,
                Port = (int)InRange("--port", parsed.GetValue(port), 0, ushort.MaxValue)!,
                Truth = masks,
                // Kept features are labelled on the CPU; a GPU would be made ready for none of them.
                Device = device.Read(parsed, otherwise: pictures.Kept is null ? null : "cpu"),
                Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(threads), 1)!,
                DeviceWords = [.. device.Words(parsed), .. parsed.GetResult(threads) is { Implicit: false } ? (string[])[threads.Name, $"{parsed.GetValue(threads)}"] : []],
            });
        });
        return command;
    }

    private static int? InRange(string option, int? value, int least, int most) =>
        value is null || (value >= least && value <= most) ? value : throw new UserException($"{option} must lie in {least}..{most}; it is {value}.");
}
