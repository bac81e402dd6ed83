using System.Buffers;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;

namespace Sclip.Formats.Importing.Coco;

/// <summary>
/// A file in COCO's form, gone through once: of each picture it knows where in the file its annotations begin and end (24 bytes for each), and
/// parses them when they are asked for.
/// </summary>
internal sealed class CocoFile : IDisposable
{
    private readonly FilePieces _file;
    private readonly CocoPicture[] _pictures;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<CocoPlace> _places;
    private readonly Dictionary<string, ushort> _indices;
    private readonly ImageLimits _limits;
    private readonly IReadOnlySet<string>? _annotated;

    private CocoFile(FilePieces file, CocoScan scan, IReadOnlySet<string>? annotated, ImageLimits limits)
    {
        (_file, Scan, _annotated, _limits) = (file, scan, annotated, limits);
        _pictures = [.. scan.Pictures];
        foreach (var (number, picture) in _pictures.Index())
            if (!_numbers.TryAdd(picture.Name, number))
                throw new ImportException($"{Path}: two images have the file_name '{JobNames.Shown(picture.Name)}'; each picture is read once. Give them names of their own, or put their annotations together.");
        _places = scan.Sorted();
        IReadOnlyList<CocoCategory> categories = [.. scan.Categories.Select((place, index) => Parse(place, element => CocoCategories.Read(Path, index, element)))];
        if (annotated is not null)
            categories = CocoCategories.WithoutRoot(categories, annotated);
        IsStuff = categories.All(category => category.IsStuff);
        (Classes, _indices) = CocoCategories.Sort(Path, categories);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>What was found in it.</summary>
    public CocoScan Scan { get; }

    /// <summary>Its categories, in the order of their ids.</summary>
    public IReadOnlyList<LabelClass> Classes { get; }

    /// <summary>Whether all its categories are said to be stuff.</summary>
    public bool IsStuff { get; }

    /// <summary>The names of its pictures, in its order.</summary>
    public IEnumerable<string> Names => _pictures.Select(picture => picture.Name);

    /// <summary>Opens a file that was gone through.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scan">What was found in it.</param>
    /// <param name="annotated">The ids of categories that annotations have, of this file or of those beside it; null for panoptic files, of whose segments a scan sees no categories.</param>
    /// <param name="limits">What a picture may be at most.</param>
    /// <exception cref="ImportException">It is damaged.</exception>
    public static CocoFile Open(string path, CocoScan scan, IReadOnlySet<string>? annotated, ImageLimits limits) =>
        FilePieces.Open(path, limits, file => new CocoFile(file, scan, annotated, limits));

    /// <summary>A picture by its name.</summary>
    public CocoPicture Find(string name) => _pictures[_numbers[name]];

    /// <summary>Whether a category has annotations, here or in a file beside it.</summary>
    public bool IsAnnotated(int index) => _indices.Any(item => item.Value == index && _annotated!.Contains(item.Key));

    /// <summary>Parses the annotations of a picture one after the other: crowds first, then as they stand in the file.</summary>
    /// <exception cref="ImportException">One cannot be read any more.</exception>
    public void ForEach(string name, Action<JsonElement> use)
    {
        var number = _numbers[name];
        // The first of them: places are sorted by picture.
        var (low, high) = (0, _places.Count);
        while (low < high)
            if (_places[(low + high) / 2].Picture < number)
                low = (low + high) / 2 + 1;
            else
                high = (low + high) / 2;
        for (; low < _places.Count && _places[low].Picture == number; low++)
            Parse(_places[low], element =>
            {
                use(element);
                return true;
            });
    }

    /// <summary>The class of a category that an annotation or a segment names.</summary>
    /// <exception cref="ImportException">There is none.</exception>
    public ushort ClassOf(JsonElement element, string what)
    {
        var id = JsonValues.Id(element, "category_id");
        return id is not null && _indices.TryGetValue(id, out var index)
            ? index
            : throw new ImportException(id is null ? $"{what} has no category_id." : $"{what} is of category {JsonValues.Shown(id)}, which the file does not list.");
    }

    public void Dispose() => _file.Dispose();

    private T Parse<T>(CocoPlace place, Func<JsonElement, T> use)
    {
        if (place.Length > _limits.MaxFileBytes)
            throw new ImportException($"an annotation at byte {place.Offset + 1} has {place.Length} bytes, more than a picture's may have.");
        var bytes = ArrayPool<byte>.Shared.Rent(place.Length);
        try
        {
            _file.Fill(bytes.AsSpan(0, place.Length), place.Offset);
            using var document = JsonDocument.Parse(bytes.AsMemory(0, place.Length));
            return use(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new ImportException($"{Path} has changed while it was read; start again.", error);
        }
        catch (InvalidOperationException error)
        {
            // Keys and texts are decoded where they are asked for.
            throw new ImportException($"{Path}: what begins at byte {place.Offset + 1} holds a text that is no valid Unicode.", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
