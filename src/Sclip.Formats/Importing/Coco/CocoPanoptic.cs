using System.Text.Json;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Coco;

/// <summary>
/// COCO's panoptic form: a JSON file that lists the segments of each picture, and PNGs of their ids, r + 256 g + 65536 b; 0 is nothing. The PNGs of
/// <c>panoptic_x.json</c> lie in <c>panoptic_x</c> beside it, or in its own folder, or where it is said.
/// </summary>
internal sealed class CocoPanoptic(CocoFile file, ImportOptions options) : IAnnotationSet
{
    private readonly string[] _folders = options.Masks is { } masks ? [masks] : [Path.ChangeExtension(file.Path, null), Path.GetDirectoryName(Path.GetFullPath(file.Path))!];

    public string Form => "COCO panoptic";

    public IReadOnlyList<LabelClass> Classes => file.Classes;

    public bool LeavesBackground => false;

    public IReadOnlyList<string> Notices => [.. CocoNotices.Of(file)];

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => file.Names;

    public long PixelsOf(string picture) => file.Find(picture).Pixels;

    public LabelMap Read(string picture)
    {
        var (name, segments) = Segments(picture);
        var path = _folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ImportException($"its panoptic PNG {name} is not in {string.Join(" or ", _folders)}{(options.Masks is null ? "; --masks DIR tells the folder of the PNGs" : "")}.");
        var png = ImportFiles.Read(path, options.Limits);
        try
        {
            if (!MaskDecoder.HoldsColors(png))
                throw new ImportException($"{path} is no RGB PNG, as panoptic ones are.");
            var pixels = MaskDecoder.ReadColors(png, options.Limits);
            if (file.Find(picture) is { Width: { } width, Height: { } height } && (width, height) != (pixels.Width, pixels.Height))
                throw new ImportException($"{path} has {pixels.Width} x {pixels.Height} pixels, and {file.Path} says {width} x {height}.");
            return Map(path, pixels, segments);
        }
        catch (ImageDecodeException error)
        {
            throw new ImportException($"{path}: {error.Message}", error);
        }
    }

    public void Dispose() => file.Dispose();

    private static LabelMap Map(string path, RgbImage pixels, Dictionary<int, ushort> segments)
    {
        segments.TryAdd(0, LabelMap.Nothing);
        var labels = new ushort[pixels.Width * pixels.Height];
        var (values, last, label) = (pixels.Pixels, -1, LabelMap.Nothing);
        for (var i = 0; i < labels.Length; i++)
        {
            var id = values[3 * i] | values[3 * i + 1] << 8 | values[3 * i + 2] << 16;
            // Ids come in runs; each is looked up once.
            if (id != last && !segments.TryGetValue(last = id, out label))
                throw new ImportException($"{path}: pixel ({i % pixels.Width}, {i / pixels.Width}) is of segment {id}, which its segments_info does not list.");
            labels[i] = label;
        }
        return new LabelMap(labels, pixels.Width, pixels.Height);
    }

    /// <summary>The name of a picture's PNG, and the class of each of its segments.</summary>
    private (string Name, Dictionary<int, ushort> Segments) Segments(string picture)
    {
        var (name, segments) = ((string?)null, new Dictionary<int, ushort>());
        file.ForEach(picture, annotation =>
        {
            if (name is not null)
                throw new ImportException($"{file.Path} lists its segments twice.");
            name = annotation.TryGetProperty("file_name", out var text) && JsonValues.Text(text) is { Length: > 0 } given ? PictureNames.Clean(given) : Path.ChangeExtension(picture, ".png");
            if (name.Split('/').Contains(".."))
                throw new ImportException($"{file.Path}: the file_name of its PNG leads out of the folder.");
            if (!annotation.TryGetProperty("segments_info", out var infos) || infos.ValueKind != JsonValueKind.Array)
                throw new ImportException($"{file.Path}: its segments_info is no array.");
            foreach (var segment in infos.EnumerateArray())
                Add(segment);
        });
        return name is null ? throw new ImportException($"{file.Path} lists no segments of it.") : (name, segments);

        void Add(JsonElement segment)
        {
            if (segment.ValueKind != JsonValueKind.Object || !segment.TryGetProperty("id", out var value) || JsonValues.Whole(value) is not (>= 0 and < 1 << 24 and var id))
                throw new ImportException($"{file.Path}: a segment of it has no id of 0 to {(1 << 24) - 1}.");
            if (!segments.TryAdd((int)id, file.ClassOf(segment, $"segment {id}")))
                throw new ImportException($"{file.Path}: segment {id} of it is listed twice.");
        }
    }
}
