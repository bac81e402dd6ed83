using System.Text.Json;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.LabelStudio;

/// <summary>A task of Label Studio's: its picture and the regions of the annotation that is read.</summary>
internal sealed class LabelStudioTask
{
    private readonly string _where;

    // Exports of Sclip's have it beside the picture.
    private readonly (long Width, long Height)? _told;

    private LabelStudioTask(string where, JsonElement data)
    {
        _where = where;
        _told = JsonValues.Whole(Get(data, "width")) is { } width && JsonValues.Whole(Get(data, "height")) is { } height ? (width, height) : null;
    }

    /// <summary>The picture's name; null where the task has none.</summary>
    public string? Picture { get; private init; }

    /// <summary>Whether it has an annotation or prediction to read.</summary>
    public bool IsAnnotated { get; private init; }

    /// <summary>Whether those who annotated it skipped it.</summary>
    public bool IsSkipped { get; private init; }

    /// <summary>Whether it is a prediction that is read.</summary>
    public bool IsPrediction { get; private init; }

    /// <summary>Whether there are further annotations, or predictions, beside the one that is read.</summary>
    public bool HasOthers { get; private init; }

    /// <summary>The brushes and polygons.</summary>
    public List<Shape> Shapes { get; } = [];

    /// <summary>The types of regions that are not read, one entry each.</summary>
    public List<string> Others { get; } = [];

    /// <exception cref="ImportException">It is no task, or a region is damaged.</exception>
    public static LabelStudioTask Of(JsonElement root, string where)
    {
        var annotations = Objects(root, "annotations").Concat(Objects(root, "completions")).ToArray();
        var kept = annotations.Where(item => Get(item, "was_cancelled").ValueKind != JsonValueKind.True).ToArray();
        var predictions = annotations.Length == 0 ? Objects(root, "predictions").ToArray() : [];
        JsonElement[] choice = [.. kept, .. predictions];
        var task = new LabelStudioTask(where, Get(root, "data"))
        {
            Picture = PictureOf(Get(root, "data")),
            IsAnnotated = choice.Length > 0,
            IsSkipped = annotations.Length > 0 && kept.Length == 0,
            IsPrediction = kept.Length == 0 && predictions.Length > 0,
            HasOthers = choice.Length > 1,
        };
        if (choice is [var first, ..])
            task.Take([.. Objects(first, "result")]);
        return task;
    }

    /// <summary>How many pixels its picture is said to have; 0 where nothing is said.</summary>
    public long Pixels => Shapes is [var first, ..] ? ImportFiles.Pixels(first.Width, first.Height) : ImportFiles.Pixels(_told?.Width, _told?.Height);

    /// <summary>The size that the regions tell, else the task's data; null where neither does.</summary>
    /// <exception cref="ImportException">They do not agree.</exception>
    public (long Width, long Height)? Size()
    {
        (long, long)? size = null;
        foreach (var shape in Shapes)
        {
            size ??= (shape.Width, shape.Height);
            if (size != (shape.Width, shape.Height))
                throw new ImportException($"{_where}: its regions are of pictures of different sizes ({size.Value.Item1} x {size.Value.Item2}, {shape.Width} x {shape.Height}). A task of several pictures is not read.");
        }
        return size ?? _told;
    }

    private void Take(JsonElement[] results)
    {
        // Where a control has shapes alone, the label of a region stands in a result of the same id.
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var result in results)
            if (JsonValues.Id(result, "id") is { } id && LabelOf(result) is { } label)
                labels.TryAdd(id, label);
        foreach (var (index, result) in results.Index())
        {
            var (value, type) = (Get(result, "value"), JsonValues.Text(Get(result, "type")) ?? "regions without a type");
            var where = $"{_where}, result {index + 1}";
            var isBrush = Get(value, "rle").ValueKind == JsonValueKind.Array;
            if (!isBrush && !(type is "polygonlabels" or "polygon" or "labels" && Get(value, "points").ValueKind == JsonValueKind.Array))
            {
                if (type != "labels")
                    Others.Add(JobNames.Shown(type));
                continue;
            }
            if (Get(result, "image_rotation") is { ValueKind: JsonValueKind.Number } rotation && rotation.TryGetDouble(out var degrees) && degrees != 0)
                throw new ImportException($"{where}: the picture was turned by {rotation} degrees in Label Studio, which is not read. Turn it back there.");
            if (JsonValues.Whole(Get(result, "original_width")) is not { } width || JsonValues.Whole(Get(result, "original_height")) is not { } height)
                throw new ImportException($"{where}: original_width or original_height is missing, which tells the picture's size.");
            var name = LabelOf(result) ?? (JsonValues.Id(result, "id") is { } id ? labels.GetValueOrDefault(id) : null);
            Shapes.Add(new Shape(name, width, height, isBrush ? Brush(Get(value, "rle"), where) : Polygon(Get(value, "points"), where)));
        }
    }

    private static Action<LabelMap, ushort> Brush(JsonElement rle, string where) => (map, label) =>
    {
        var bytes = new byte[rle.GetArrayLength()];
        foreach (var (i, item) in rle.EnumerateArray().Index())
            bytes[i] = JsonValues.Whole(item) is >= 0 and <= byte.MaxValue and var value ? (byte)value : throw new ImportException($"{where}: element {i + 1} of rle is no number from 0 to 255.");
        if (LabelStudioRle.Paint(map, bytes, label) is { } fault)
            throw new ImportException($"{where}: the brush {fault}.");
    };

    /// <summary>Corners in percents of width and height.</summary>
    private static Action<LabelMap, ushort> Polygon(JsonElement points, string where) => (map, label) =>
    {
        var ring = new List<Vertex>();
        foreach (var point in points.EnumerateArray())
            ring.Add(point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2 && Number(point[0]) is { } x && Number(point[1]) is { } y
                ? new Vertex(x * map.Width / 100, y * map.Height / 100)
                : throw new ImportException($"{where}: point {ring.Count + 1} of the polygon must be two numbers."));
        if (ring.Count < 3)
            throw new ImportException($"{where}: a polygon has {ring.Count} points, and needs three.");
        PolygonFill.Paint(map, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ring), label);
    };

    private static double? Number(JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>The first of a region's labels.</summary>
    private static string? LabelOf(JsonElement result)
    {
        var value = Get(result, "value");
        foreach (var key in (string?[])[JsonValues.Text(Get(result, "type")), "labels"])
            if (key is not null && Get(value, key) is { ValueKind: JsonValueKind.Array } labels && labels.GetArrayLength() > 0)
                return JsonValues.Text(labels[0]);
        return null;
    }

    /// <summary>The picture among a task's data: what is called <c>image</c>, else the first text that ends as a picture's name.</summary>
    private static string? PictureOf(JsonElement data)
    {
        if (JsonValues.Text(Get(data, "image")) is { Length: > 0 } image)
            return LabelStudioNames.Of(image);
        if (data.ValueKind != JsonValueKind.Object)
            return null;
        return data.EnumerateObject().Select(item => JsonValues.Text(item.Value)).OfType<string>().Select(LabelStudioNames.Of).FirstOrDefault(ImageDecoder.HasEnding);
    }

    private static IEnumerable<JsonElement> Objects(JsonElement parent, string key) =>
        Get(parent, key) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    private static JsonElement Get(JsonElement parent, string key) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) ? value : default;

    /// <summary>A brush or polygon.</summary>
    /// <param name="Label">Its label; null where it has none.</param>
    /// <param name="Width">Width of the picture that it was drawn on.</param>
    /// <param name="Height">Height of that picture.</param>
    /// <param name="Paint">Paints it.</param>
    internal sealed record Shape(string? Label, long Width, long Height, Action<LabelMap, ushort> Paint);
}
