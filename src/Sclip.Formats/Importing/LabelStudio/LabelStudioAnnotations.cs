using System.Globalization;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Formats.Importing.LabelStudio;

/// <summary>
/// Label Studio's JSON: a task a picture, of which the first annotation that is not cancelled is read, else the first prediction; brushes and
/// polygons, later ones over earlier. Held are a task's name and place, some 150 bytes; one task as a whole while it is looked at.
/// </summary>
internal sealed class LabelStudioAnnotations : IAnnotationSet
{
    private const string TasksName = "tasks.json", ConfigName = "label_config.xml";
    private readonly FilePieces _file;
    private readonly ImportOptions _options;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, (FilePiece Piece, long Number, long Pixels)> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ushort> _labels = new(StringComparer.Ordinal);

    private LabelStudioAnnotations(FilePieces file, ImportOptions options, CancellationToken cancellationToken)
    {
        (_file, _options) = (file, options);
        var config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, ConfigName);
        var named = File.Exists(config) ? ConfiguredLabels(config) : [.. options.Labels ?? []];
        foreach (var label in named)
            _labels.Add(label.Name, (ushort)_labels.Count);
        var counts = new LabelStudioCounts();
        JsonFile.Read(file.Path, new Scan(this, counts, named), options.Limits, cancellationToken);
        if (_names.Count == 0)
            throw new ImportException($"{file.Path} has no task with an annotation or prediction of a picture. {string.Join(' ', counts.Describe())}".TrimEnd());
        Classes = ImportFiles.Classes(file.Path, named);
        Notices = [.. counts.Describe()];
    }

    public string Form => "Label Studio JSON";

    public IReadOnlyList<LabelClass> Classes { get; }

    public bool LeavesBackground => true;

    public IReadOnlyList<string> Notices { get; }

    /// <summary>Opens a file of tasks, or a folder with <c>tasks.json</c>; null for anything else.</summary>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, TasksName);
        if (!File.Exists(path) || !LabelStudioSniff.IsTasks(path, options.Limits, cancellationToken))
            return null;
        return FilePieces.Open(path, options.Limits, file => new LabelStudioAnnotations(file, options, cancellationToken));
    }

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => _names;

    public long PixelsOf(string picture) => _tasks.TryGetValue(picture, out var place) ? place.Pixels : 0;

    public LabelMap Read(string picture)
    {
        if (!_tasks.TryGetValue(picture, out var place))
            throw new ImportException($"{JobNames.Shown(picture)}: {_file.Path} has no such picture.");
        var where = Where(place.Number);
        using var document = JsonDocument.Parse(_file.Read(place.Piece, where));
        var task = LabelStudioTask.Of(document.RootElement, where);
        var (width, height) = task.Size() ?? SizeOf(picture, where);
        var map = ImportFiles.Empty(picture, width, height, _options.Limits);
        foreach (var shape in task.Shapes)
            if (shape.Label is { } label)
                shape.Paint(map, _labels[label]);
        return map;
    }

    public void Dispose() => _file.Dispose();

    private static List<LabelClass> ConfiguredLabels(string config)
    {
        try
        {
            return [.. LabelReader.Load(config).Set.Classes];
        }
        catch (LabelSetException error)
        {
            throw new ImportException(error.Message, error);
        }
    }

    /// <summary>The size of a picture whose annotation has no region, which alone tells it.</summary>
    private (int Width, int Height) SizeOf(string picture, string where)
    {
        var path = (string?[])[_options.Pictures, Path.GetDirectoryName(Path.GetFullPath(_file.Path)), Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file.Path))!, "images")];
        return path.OfType<string>().Select(folder => Path.Combine(folder, picture)).FirstOrDefault(File.Exists) is { } file
            ? PictureLookup.Size(file, _options.Limits)
            : throw new ImportException($"{where}: '{JobNames.Shown(picture)}' has no region, and so nothing tells its size. Give the folder of the pictures by --pictures.");
    }

    private string Where(long number) => string.Create(CultureInfo.InvariantCulture, $"{_file.Path}, task {number}");

    private void Take(FilePiece piece, long number, LabelStudioCounts counts, List<LabelClass> named)
    {
        var where = Where(number);
        using var document = JsonDocument.Parse(_file.Read(piece, where));
        var task = LabelStudioTask.Of(document.RootElement, where);
        if (!counts.Take(task))
            return;
        var name = PictureLookup.Named(task.Picture!, where);
        if (!_tasks.TryAdd(name, (piece, number, task.Pixels)))
            throw new ImportException($"{where}: the picture '{JobNames.Shown(name)}' is that of task {_tasks[name].Number} as well. Take one of them away.");
        _names.Add(name);
        foreach (var label in task.Shapes.Select(shape => shape.Label).OfType<string>())
            if (!_labels.ContainsKey(label))
            {
                if (named.Count >= LabelSet.MostClasses)
                    throw new ImportException($"{where}: there are more than {LabelSet.MostClasses} labels.");
                _labels.Add(label, (ushort)named.Count);
                named.Add(new LabelClass { Name = label });
            }
    }

    /// <summary>Finds the tasks in the array.</summary>
    private sealed class Scan(LabelStudioAnnotations tasks, LabelStudioCounts counts, List<LabelClass> named) : IJsonVisitor
    {
        private long _number, _start;

        public bool Visit(ref Utf8JsonReader reader, long offset)
        {
            if (reader.CurrentDepth != 1)
                return true;
            if (reader.TokenType == JsonTokenType.StartObject)
                (_number, _start) = (_number + 1, offset);
            else if (reader.TokenType == JsonTokenType.EndObject)
                tasks.Take(new FilePiece(_start, offset + 1 - _start), _number, counts, named);
            else if (reader.TokenType != JsonTokenType.EndArray)
                throw new ImportException($"{tasks._file.Path}: element {_number + 1} of the array is no task, which is an object.");
            return true;
        }
    }
}
