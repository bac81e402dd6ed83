using System.Text;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Predictions;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>
/// The output folder: <c>results.jsonl</c>, a line a picture; <c>sclip-folder.json</c>, all that the masks depend on, so that a run can go on
/// where it was interrupted and never mixes settings; and <c>labels.json</c>, what the values in the masks mean.
/// </summary>
internal sealed class ResultsFolder : IDisposable
{
    private const int MostInputs = 3;
    private readonly string _folder;
    private readonly OwnedFolder _owned;
    private readonly IReadOnlyList<PictureReference> _pictures;
    private readonly Dictionary<string, ImageResult> _known = new(StringComparer.Ordinal);
    private FolderMarker _marker;
    private FileStream? _lines;

    private ResultsFolder(string folder, OwnedFolder owned, FolderMarker marker, IReadOnlyList<PictureReference> pictures) => (_folder, _owned, _marker, _pictures) = (folder, owned, marker, pictures);

    public string ResultsPath => Path.Combine(_folder, "results.jsonl");

    /// <summary>Opens a folder, new or of an earlier run of the same command with the same settings.</summary>
    /// <exception cref="FolderException">It cannot be written, is in use, or holds other things or results of other settings.</exception>
    /// <exception cref="UserException">It cannot be written, or holds results of other pictures of the same names.</exception>
    public static ResultsFolder Open(string folder, FolderMarker marker, IReadOnlyList<PictureReference> pictures, IReadOnlyList<LabelClass> labels, bool force)
    {
        var results = new ResultsFolder(folder, OwnedFolder.Open(folder, marker, force, "label all again"), marker, pictures);
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
    private void RequireApart()
    {
        if (!_owned.IgnoresCase)
            return;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (_pictures.FirstOrDefault(picture => !names.Add(picture.Name)) is { } second && names.TryGetValue(second.Name, out var first))
            throw new UserException($"{first} and {second.Name} differ only in capitals, and {_folder} cannot hold masks of both: its file system takes their names for one. Rename one, or choose another --out.");
    }

    /// <summary>Whether a picture is labelled already, its outputs are there by the names that the results say, and its file is still the same.</summary>
    public bool IsDone(PictureReference picture, JobSettings wanted) =>
        IsLabelled(picture) && !IsChanged(picture) && _known[picture.Name] is var known
        && Exists(known.Mask) && (!wanted.Overlay || Exists(known.Overlay)) && (!wanted.Scores || Exists(known.Scores)) && (!wanted.Doubt || Exists(known.DoubtMap)) && (wanted.KeepFeatures is null || Exists(known.Features));

    /// <summary>Whether a picture is labelled already, but its file was another then.</summary>
    public bool IsReplaced(PictureReference picture) => IsLabelled(picture) && IsChanged(picture);

    /// <summary>Whether the run that this one goes on with has given a picture up, whose file is still the same: each such try may end a run, and the others would wait for ever.</summary>
    public bool IsGivenUp(PictureReference picture) =>
        _owned.Earlier?.Unfinished is not null && _known.TryGetValue(picture.Name, out var known) && known is { Status: ImageStatus.Failed, Reason: FailureReasons.TimedOut } && !IsChanged(picture);

    /// <summary>The pictures whose outputs are damaged, or another picture's.</summary>
    /// <param name="done">The pictures whose outputs are to be read.</param>
    /// <param name="names">The classes' names; the index is the value in a mask.</param>
    /// <param name="threads">Pictures that are looked at at a time.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    public IReadOnlyList<PictureReference> Spoiled(IReadOnlyList<PictureReference> done, IReadOnlyList<string> names, int threads, CancellationToken cancellationToken)
    {
        var (spoiled, check) = (new bool[done.Count], new OutputCheck(names));
        Parallel.For(0, done.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
            spoiled[i] = _known[done[i].Name] is var known && OutputNames.Of(known).Any(name => !check.HoldsFile(known, name, Path.Combine(_folder, name))));
        return [.. done.Where((_, i) => spoiled[i])];
    }

    /// <summary>The results of an earlier run whose pictures are not among those of this one.</summary>
    public NameSample Others()
    {
        var (others, names) = (new NameSample(), _pictures.Select(picture => picture.Name).ToHashSet(StringComparer.Ordinal));
        foreach (var name in _known.Keys.Where(name => !names.Contains(name)))
            others.Add(name);
        return others;
    }

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
                _known[known.Image] = known;
        if (_owned.Earlier?.Unfinished is not null)
            new FileBlobStore(_folder).ClearLeftWrites();
        var inputs = _marker.Inputs ?? [.. _pictures.Select(InputOf).Distinct(StringComparer.Ordinal)];
        if (force)
            DeleteAll();
        else
            RequireSamePictures(inputs);
        // An earlier version did not say where its pictures lay; then it is not known of any.
        var before = _owned.Earlier is { } earlier && !force ? earlier.Inputs : [];
        _marker = _marker with { Inputs = before is null ? null : [.. before.Union(inputs, StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
        _owned.Mark(_marker with { Unfinished = $"`sclip {_marker.Command}` is at work in this folder, or was interrupted; the same command goes on where it stopped." });
        RequireApart();
        Replace(Path.Combine(_folder, MaskLabels.FileName), MaskLabels.Write(labels));
    }

    /// <summary>Refuses other pictures of the same names from folders that none of the results came from: their masks would take the others' places.</summary>
    /// <param name="now">The folders that the pictures of this run come from.</param>
    private void RequireSamePictures(IReadOnlyList<string> now)
    {
        if (_owned.Earlier?.Inputs is not { } inputs)
            return;
        var replaced = new NameSample();
        foreach (var picture in _pictures.Where(picture => IsReplaced(picture) && !(_marker.Inputs is null ? inputs.Contains(InputOf(picture)) : inputs.Intersect(now, StringComparer.Ordinal).Any())))
            replaced.Add(Path.Combine(InputOf(picture), picture.BlobName));
        if (replaced.Count > 0)
            throw new UserException(
                $"{_folder} holds results of other pictures by the same {(replaced.Count == 1 ? "name" : "names")}, from {string.Join(", ", inputs.Take(MostInputs))}{(inputs.Count > MostInputs ? ", …" : "")}: {replaced}\nUse another --out, or --force to label all again.");
    }

    /// <summary>Never old results beside new settings, whenever it ends.</summary>
    private void DeleteAll()
    {
        foreach (var known in _known.Values)
            Delete(known);
        _known.Clear();
        File.Delete(ResultsPath);
        File.Delete(Path.Combine(_folder, RunReport.FileName));
    }

    private bool IsLabelled(PictureReference picture) => _known.TryGetValue(picture.Name, out var known) && known.Status == ImageStatus.Ok;

    private bool IsChanged(PictureReference picture) => _known[picture.Name] is var known && (known.InputBytes != picture.Bytes || known.InputModified != picture.Modified);

    private static string InputOf(PictureReference picture) => picture.Store is FileBlobStore { Root: var root } ? root : "";

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
