using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;

namespace Sclip.Contracts.Folders;

/// <summary>What a folder is that a command wrote, and whose: the document <see cref="FileName"/> in it.</summary>
public sealed record FolderMarker
{
    /// <summary>What the document is called.</summary>
    public const string FileName = "sclip-folder.json";

    /// <summary>The command that wrote the folder, without <c>sclip</c>: label, relabel, demo, results, import, export, eval, benchmark.</summary>
    public required string Command { get; init; }

    /// <summary>The job whose results it holds; null where it is no job's, or an earlier version did not say.</summary>
    public string? Job { get; init; }

    /// <summary>All that its content depends on; null where an earlier version did not say, or where the content says it itself.</summary>
    public JsonObject? Settings { get; init; }

    /// <summary>The folders that labelled pictures came from, of all runs; null where an earlier version did not say.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>What is still missing, in a sentence; null where all is there.</summary>
    public string? Unfinished { get; init; }

    /// <summary>The value in its masks of pixels that are of no class; null where there is none.</summary>
    public int? Void { get; init; }

    /// <summary>What an export or import counted.</summary>
    public JsonObject? Counts { get; init; }

    /// <summary>The names at its top that are the command's own, where it replaces all of them.</summary>
    public IReadOnlyList<string>? Entries { get; init; }

    /// <summary>A folder as settings name it, however it was given.</summary>
    public static string Place(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Whether it holds masks and their results.</summary>
    public bool HoldsResults() => Command is "label" or "relabel" or "demo" or "results" or "import";

    /// <summary>Whether a name at the folder's top is the command's own, so that what lies in it may be counted, replaced or deleted with the rest.</summary>
    public bool Owns(string name) => HoldsResults() ? OutputNames.Folders.Contains(name + "/") : Entries?.Contains(name) ?? false;

    /// <summary>What the folder holds, as it stands in a sentence.</summary>
    public string Describe() => Command switch
    {
        "results" => Job is null ? "results of a job, which an earlier version did not name" : $"results of job {Job}",
        "import" => "imported annotations",
        "export" => "an export",
        "eval" => "the report of an evaluation",
        "benchmark" => "a benchmark",
        _ => $"what `sclip {Command}` labelled",
    };

    /// <summary>In what this folder's owner is another than that of a folder to be written; a text each.</summary>
    /// <param name="now">The marker that is to be written.</param>
    public string[] DifferencesTo(FolderMarker now) =>
    [
        .. Job == now.Job ? (string[])[] : [$"job: {Job ?? "not known"} there, {now.Job ?? "none"} now"],
        .. now.Settings is null ? (string[])[] : Settings is null ? ["settings: an earlier version did not write down its own"] : SettingsDifferences.Of(Settings, now.Settings),
    ];
}
