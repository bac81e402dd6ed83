using System.Globalization;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Workbench;
using Sclip.Workbench.Sessions;

namespace Sclip.Cli.Workbench;

/// <summary>The command that labels everything by the classes that were saved, as the page showed them.</summary>
internal sealed class SavedCommands(WorkbenchArguments arguments, KeptDraft typing)
{
    private const string Results = "workbench-out";

    public SavePlan PlanOf(LabelSet labels, LiveSettings live)
    {
        if (arguments.LabelsFile is { } file && FolderMarker.Place(file) == FolderMarker.Place(arguments.Output))
            Remember(labels);
        var output = FreeFolder();
        var words = (IEnumerable<string>)(arguments.Kept is { } kept ? ["sclip", "relabel", kept.Folder, .. ModelWords(arguments.Model), .. Words("--guide", arguments.GivenGuide)] : ["sclip", "label", .. arguments.Inputs, .. ModelWords(arguments.ModelName), .. Words("--guide", arguments.GivenGuide)]);
        var command = ShellWords.Of([
            .. words, "--labels", arguments.Output, .. arguments.Kept is null ? WindowWords(arguments.Settings) : [], .. Words("--templates", arguments.Templates), .. LiveWords(live), .. arguments.DeviceWords,
            .. arguments.Kept is null ? (string[])["--keep-features", "fp16"] : [], "--out", output,
        ]);
        return new SavePlan([command], Job: null, $"{NoteOf(output)} Run it in {Environment.CurrentDirectory}.");
    }

    /// <exception cref="WorkbenchException">It cannot be kept.</exception>
    private void Remember(LabelSet labels)
    {
        try
        {
            typing.Remember(labels);
        }
        catch (UserException error)
        {
            throw new WorkbenchException(500, $"The classes are saved in {arguments.Output}, but: {error.Message}");
        }
    }

    private string NoteOf(string output)
    {
        var pictures = arguments.Pictures.Of > arguments.Pictures.All.Count ? $"all {arguments.Pictures.Of} pictures, not the {arguments.Pictures.All.Count} that are shown alone" : "the pictures";
        return arguments.Kept is null
            ? $"It labels {pictures}, and keeps what the model saw in them: by other names later, {ShellWords.Of(["sclip", "relabel", output, "--labels", arguments.Output, "--out", "OTHER"])} takes a fraction of the time."
            : $"It labels {pictures} by their kept features.";
    }

    private static IEnumerable<string> ModelWords(string? model) => Words("--model", model);

    private static IEnumerable<string> WindowWords(JobSettings settings) =>
        [.. Words("--method", settings.GivenMethod), .. Words("--short-side", settings.ShortSide), .. Words("--crop", settings.Crop), .. Words("--stride", settings.Stride), .. Words("--patch-stride", settings.PatchStride)];

    private IEnumerable<string> LiveWords(LiveSettings live) =>
    [
        .. Words("--logit-scale", live.LogitScale ?? arguments.Settings.LogitScale),
        .. Words("--prob-threshold", live.ProbabilityThreshold is > 0 and var probability ? probability : null),
        .. Words("--area-threshold", live.AreaThreshold is > 0 and var area ? area : null),
    ];

    private static IEnumerable<string> Words(string option, object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? [option, text] : [];

    /// <summary>A folder that is not there yet: what other names labelled would be refused.</summary>
    private static string FreeFolder() => Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? Results : string.Create(CultureInfo.InvariantCulture, $"{Results}-{i}")).First(folder => !Path.Exists(folder));
}
