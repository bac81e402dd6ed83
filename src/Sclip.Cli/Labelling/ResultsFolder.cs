using System.Text;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Storage.Folders;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>
/// The output folder: <c>results.jsonl</c>, a line a picture; <c>sclip-folder.json</c>, all that the masks depend on, so that a run can go on
/// where it was interrupted and never mixes settings; and <c>labels.json</c>, what the values in the masks mean.
/// </summary>
internal sealed class ResultsFolder : IDisposable
{
    private readonly string _folder;
    private readonly OwnedFolder _owned;
    private readonly FolderMarker _marker;
    private readonly Dictionary<string, ImageResult> _known = new(StringComparer.Ordinal);
    private FileStream? _lines;

    private ResultsFolder(string folder, OwnedFolder owned, FolderMarker marker) => (_folder, _owned, _marker) = (folder, owned, marker);

    public string ResultsPath => Path.Combine(_folder, "results.jsonl");

    /// <summary>Opens a folder, new or of an earlier run of the same command with the same settings.</summary>
    /// <exception cref="FolderException">It cannot be written, is in use, or holds other things or results of other settings.</exception>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static ResultsFolder Open(string folder, FolderMarker marker, IReadOnlyList<LabelClass> labels, bool force)
    {
        var results = new ResultsFolder(folder, OwnedFolder.Open(folder, marker, force, "label all again"), marker);
        try
        {
            results.Take(labels, force);
            return results;
        }
        catch (Exception error)
        {
            results.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new UserException($"The output folder {folder} cannot be written: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Refuses pictures whose outputs the folder's file system takes for one.</summary>
    /// <exception cref="UserException">There are such.</exception>
    public void RequireApart(IEnumerable<PictureReference> pictures)
    {
        if (!_owned.IgnoresCase)
            return;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (pictures.FirstOrDefault(picture => !names.Add(picture.Name)) is { } second && names.TryGetValue(second.Name, out var first))
            throw new UserException($"{first} and {second.Name} differ only in capitals, and {_folder} cannot hold masks of both: its file system takes their names for one. Rename one, or choose another --out.");
    }

    /// <summary>Whether a picture is labelled already, its outputs are there by the names that the results say, and its file is still the same.</summary>
    public bool IsDone(PictureReference picture, PipelineOptions wanted) =>
        _known.TryGetValue(picture.Name, out var known) && known.Status == ImageStatus.Ok
        && known.InputBytes == picture.Bytes && known.InputModified == picture.Modified
        && Exists(known.Mask) && (!wanted.Overlay || Exists(known.Overlay)) && (!wanted.Scores || Exists(known.Scores)) && (!wanted.Doubt || Exists(known.DoubtMap));

    /// <summary>What an earlier run found for a picture.</summary>
    public ImageResult Known(PictureReference picture) => _known[picture.Name];

    /// <summary>Starts the results with those that are kept from an earlier run; lines of other pictures stay, too.</summary>
    public void Begin(IEnumerable<PictureReference> toDo)
    {
        try
        {
            // What is labelled again loses its files first: an earlier version may have given them other names.
            foreach (var picture in toDo)
                if (_known.Remove(picture.Name, out var earlier))
                    Delete(earlier);
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

    /// <summary>Says that all is there that was asked for.</summary>
    public void Finish() => _owned.Mark(_marker);

    public void Dispose()
    {
        _lines?.Dispose();
        _owned.Dispose();
    }

    private void Take(IReadOnlyList<LabelClass> labels, bool force)
    {
        if (File.Exists(ResultsPath))
            foreach (var known in File.ReadLines(ResultsPath).Select(ImageResult.TryParse).OfType<ImageResult>())
                if (force)
                    Delete(known);
                else
                    _known[known.Image] = known;
        // Never old results beside new settings, whenever it ends.
        if (force)
            File.Delete(ResultsPath);
        _owned.Mark(_marker with { Unfinished = $"`sclip {_marker.Command}` is at work in this folder, or was interrupted; the same command goes on where it stopped." });
        Replace(Path.Combine(_folder, MaskLabels.FileName), MaskLabels.Write(labels));
    }

    private static void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }

    private bool Exists(string? name) => name is not null && File.Exists(Path.Combine(_folder, name));

    private void Delete(ImageResult result)
    {
        foreach (var name in OutputNames.Of(result).Where(Exists))
            File.Delete(Path.Combine(_folder, name));
    }
}
