using System.Globalization;
using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Formats.Importing.Coco;

/// <summary>COCO's categories.</summary>
internal static class CocoCategories
{
    private const string RootId = "0", NoneAbove = "none";

    /// <summary>Classes in the order of the ids, and the class of each id.</summary>
    /// <exception cref="ImportException">They cannot be classes.</exception>
    public static (IReadOnlyList<LabelClass> Classes, Dictionary<string, ushort> Indices) Sort(string path, IReadOnlyList<CocoCategory> categories)
    {
        // Ids that are no numbers stand behind those that are, as the file has them.
        var sorted = categories.OrderBy(item => long.TryParse(item.Id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue).ToArray();
        var classes = ImportFiles.Classes($"{path}, categories", sorted.Select(item => item.Class));
        var indices = new Dictionary<string, ushort>(StringComparer.Ordinal);
        foreach (var (index, category) in sorted.Index())
            if (!indices.TryAdd(category.Id, (ushort)index))
                throw new ImportException($"{path}: the category id {JsonValues.Shown(category.Id)} is there twice.");
        return (classes, indices);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ImportException">It has no id or no name.</exception>
    public static CocoCategory Read(string path, int index, JsonElement category) => new(
        JsonValues.Id(category, "id") ?? throw new ImportException($"{path}: category {index + 1} has no id."),
        new LabelClass { Name = NameOf(path, index, category), Color = ColorOf(category) },
        IsStuff(category),
        AboveOf(category));

    /// <summary>
    /// The categories without one that is none: Roboflow puts a category 0 above all others, which those name as what they are kinds of, or which
    /// alone is said to be of none. Where annotations have it, it is a class.
    /// </summary>
    public static IReadOnlyList<CocoCategory> WithoutRoot(IReadOnlyList<CocoCategory> categories, IReadOnlySet<string> annotated)
    {
        if (annotated.Contains(RootId) || categories.Where(item => item.Id == RootId).ToArray() is not [var root])
            return categories;
        CocoCategory[] others = [.. categories.Where(item => item != root)];
        var isAbove = Array.Exists(others, item => item.Above == root.Class.Name) || (root.Above == NoneAbove && !Array.Exists(others, item => item.Above == NoneAbove));
        return isAbove && others.Length > 0 ? others : categories;
    }

    /// <summary>Whether it is said to be no thing, as all of a file of stuff are.</summary>
    private static bool IsStuff(JsonElement category) =>
        AboveOf(category) == "stuff" || (category.TryGetProperty("isthing", out var thing) && JsonValues.Whole(thing) == 0);

    private static string? AboveOf(JsonElement category) => category.TryGetProperty("supercategory", out var above) ? JsonValues.Text(above) : null;

    private static string NameOf(string path, int index, JsonElement category) => category.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        ? JsonValues.Text(name) ?? throw new ImportException($"{path}: the name of category {index + 1} is no valid Unicode.")
        : throw new ImportException($"{path}: category {index + 1} has no name.");

    /// <summary>A colour as <c>[r, g, b]</c> or <c>"#rrggbb"</c>; null where there is none.</summary>
    private static RgbColor? ColorOf(JsonElement category)
    {
        if (!category.TryGetProperty("color", out var color))
            return null;
        if (color.ValueKind == JsonValueKind.String)
            return RgbColor.TryParse(JsonValues.Text(color), out var named) ? named : null;
        if (color.ValueKind != JsonValueKind.Array || color.GetArrayLength() != 3)
            return null;
        var channels = color.EnumerateArray().Select(JsonValues.Whole).ToArray();
        return Array.TrueForAll(channels, channel => channel is >= 0 and <= byte.MaxValue) ? new RgbColor((byte)channels[0]!, (byte)channels[1]!, (byte)channels[2]!) : null;
    }
}
