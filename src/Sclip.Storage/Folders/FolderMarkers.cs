using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Folders;

namespace Sclip.Storage.Folders;

/// <summary>Reads and writes the documents that say what folders are; folders of earlier versions, which have none, are known by what is in them.</summary>
public static class FolderMarkers
{
    // What earlier versions wrote beside the content of folders.
    private const string EarlierSettings = "sclip-settings.json", EarlierExport = "sclip-export.json";

    private static readonly string[] Report = ["report.html", "metrics.json", "confusion.csv"];

    /// <summary>What a folder is; null where no command wrote it, or there is none.</summary>
    /// <exception cref="FolderException">Its marker cannot be read.</exception>
    public static FolderMarker? Find(string folder)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        if (Has(FolderMarker.FileName))
            return Read(folder, FolderMarker.FileName, json => WithPlaces(folder, json.Deserialize(Json.Default.FolderMarker)!));
        if (Has(EarlierSettings))
            return Read(folder, EarlierSettings, json => new FolderMarker { Command = "label", Settings = json.AsObject() });
        if (Has(EarlierExport))
            return Read(folder, EarlierExport, json => new FolderMarker { Command = "export", Entries = [.. json["entries"]!.AsArray().Select(entry => entry!.GetValue<string>())] });
        if (Has("results.jsonl") && Has("labels.json"))
            return new FolderMarker { Command = "results" };
        if (Has("benchmark.json"))
            return new FolderMarker { Command = "benchmark" };
        return Report.All(Has) ? new FolderMarker { Command = "eval" } : null;
    }

    /// <summary>Refuses a path that lies in what a command wrote: the masks of a run, the pictures of an export.</summary>
    /// <exception cref="FolderException">It does, or the marker of a folder above cannot be read.</exception>
    public static void RequireOutside(string path)
    {
        var below = FolderMarker.Place(path);
        for (string? folder; (folder = Path.GetDirectoryName(below)) is not null; below = folder)
            if (Find(folder) is { } owner && owner.Owns(Path.GetFileName(below)))
                throw new FolderException($"--out {path} lies in {below}, and {folder} holds {owner.Describe()}. Choose another --out.");
    }

    /// <summary>The refusal of a folder whose marker can be read, and holds what no command writes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="what">The key, and what is wrong with its value: a sentence.</param>
    public static FolderException Damaged(string folder, string what) => Refused(folder, FolderMarker.FileName, $"is damaged: {what}");

    /// <summary>Replaces what a folder says of itself, also what an earlier version did.</summary>
    internal static void Write(string folder, FolderMarker marker)
    {
        var path = Path.Combine(folder, FolderMarker.FileName);
        try
        {
            using var file = File.Create(path + ".part");
            using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                JsonSerializer.Serialize(json, marker, Json.Default.FolderMarker);
            file.WriteByte((byte)'\n');
            // A folder whose marker is torn is nobody's.
            file.Flush(flushToDisk: true);
        }
        catch
        {
            // On a full disk it would be what makes the folder somebody else's.
            File.Delete(path + ".part");
            throw;
        }
        File.Move(path + ".part", path, overwrite: true);
        foreach (var earlier in (string[])[EarlierSettings, EarlierExport])
            File.Delete(Path.Combine(folder, earlier));
    }

    private static FolderMarker Read(string folder, string name, Func<JsonNode, FolderMarker> read)
    {
        var path = Path.Combine(folder, name);
        try
        {
            // A key that stands twice would be noticed only where one is looked for.
            return read(JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) ?? throw new JsonException("it is null."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            var reason = error is IOException or UnauthorizedAccessException ? $"cannot be read: {error.Message}" : "is damaged.";
            throw Refused(folder, name, reason, error);
        }
    }

    /// <summary>A marker whose inputs may be looked for.</summary>
    private static FolderMarker WithPlaces(string folder, FolderMarker marker) =>
        // The reader of lists takes null for an element, and no system call takes a zero.
        marker.Inputs?.Any(input => input is null || input.Contains('\0', StringComparison.Ordinal)) == true ? throw Damaged(folder, "inputs holds what is no path.") : marker;

    private static FolderException Refused(string folder, string name, string reason, Exception? inner = null) =>
        new($"{Path.Combine(folder, name)}, which says what the folder is, {reason} Choose another folder; or, where nothing in {folder} is needed any more, remove that folder.", inner);
}
