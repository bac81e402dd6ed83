using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>
/// The output folder: <c>results.jsonl</c>, a line a picture; <c>sclip-settings.json</c>, all that the masks depend on, so that a run can go on
/// where it was interrupted and never mixes settings; and <c>labels.json</c>, what the values in the masks mean.
/// </summary>
internal sealed class ResultsFolder : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _folder;
    private readonly Dictionary<string, ImageResult> _known = new(StringComparer.Ordinal);
    private FileStream? _lines;

    private ResultsFolder(string folder) => _folder = folder;

    public string ResultsPath => Path.Combine(_folder, "results.jsonl");

    private string SettingsPath => SettingsOf(_folder);

    /// <summary>Whether a folder holds results.</summary>
    public static bool Is(string folder) => File.Exists(SettingsOf(folder));

    /// <summary>Opens a folder, new or of an earlier run with the same settings.</summary>
    /// <exception cref="UserException">It cannot be written, or holds results of other settings.</exception>
    public static ResultsFolder Open(string folder, JsonObject settings, IReadOnlyList<LabelClass> labels, bool force)
    {
        var results = new ResultsFolder(folder);
        try
        {
            Directory.CreateDirectory(folder);
            if (!force)
                results.Check(settings);
            if (!force && File.Exists(results.ResultsPath))
                foreach (var line in File.ReadLines(results.ResultsPath))
                    if (ImageResult.TryParse(line) is { } known)
                        results._known[known.Image] = known;
            // Never old results beside new settings, whenever it ends.
            if (force)
                File.Delete(results.ResultsPath);
            Replace(results.SettingsPath, Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n"));
            Replace(Path.Combine(folder, MaskLabels.FileName), MaskLabels.Write(labels));
            return results;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The output folder {folder} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Whether a picture is labelled already, its mask is there, and its file is still the same.</summary>
    public bool IsDone(PictureReference picture, bool overlay, bool scores) =>
        _known.TryGetValue(picture.Name, out var known) && known.Status == ImageStatus.Ok
        && known.Mask == picture.MaskName && known.InputBytes == picture.Bytes && known.InputModified == picture.Modified
        && Exists(picture.MaskName) && (!overlay || Exists(picture.OverlayName)) && (!scores || Exists(picture.ScoresName));

    /// <summary>What an earlier run found for a picture.</summary>
    public ImageResult Known(PictureReference picture) => _known[picture.Name];

    /// <summary>Starts the results with those that are kept from an earlier run; lines of other pictures stay, too.</summary>
    public void Begin(IEnumerable<PictureReference> toDo)
    {
        foreach (var picture in toDo)
            _known.Remove(picture.Name);
        try
        {
            Replace(ResultsPath, Encoding.UTF8.GetBytes(string.Concat(_known.Values.Select(result => result.ToLine() + "\n"))));
            // Without a buffer: what a full disk refused is not tried again when the file is closed.
            _lines = new FileStream(ResultsPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{ResultsPath} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Adds a result, at once on disk.</summary>
    public void Add(ImageResult result)
    {
        try
        {
            _lines!.Write(Encoding.UTF8.GetBytes(result.ToLine() + "\n"));
        }
        catch (IOException error)
        {
            throw new UserException($"{ResultsPath} cannot be written: {error.Message}", error);
        }
    }

    public void Dispose() => _lines?.Dispose();

    private static string SettingsOf(string folder) => Path.Combine(folder, "sclip-settings.json");

    private static void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }

    private bool Exists(string name) => File.Exists(Path.Combine(_folder, name));

    private void Check(JsonObject settings)
    {
        if (!File.Exists(SettingsPath))
            return;
        JsonObject? earlier;
        try
        {
            earlier = JsonNode.Parse(File.ReadAllText(SettingsPath)) as JsonObject;
        }
        catch (JsonException)
        {
            earlier = null;
        }
        if (earlier is null)
            throw new UserException($"{SettingsPath} cannot be read; use --force to label all again, or another --out.");
        var differences = SettingsDifferences.Of(earlier, settings);
        if (differences.Length > 0)
            throw new UserException($"{_folder} holds results of other settings:\n{string.Join('\n', differences)}\nUse another --out, or --force to label all again.");
    }
}
