using Sclip.Contracts;

namespace Sclip.Formats.Tests;

/// <summary>Names that paths, lists, JSON and addresses are known to stumble over.</summary>
internal static class OddNames
{
    /// <summary>Classes, none of them a background.</summary>
    public static readonly LabelClass[] Classes = [new() { Name = "no" }, new() { Name = "oak, beech" }, new() { Name = "a \"boat\" & <b>" }, new() { Name = "Käfer: #3" }];

    /// <summary>Pictures with their masks: of all kinds of masks, and of all kinds of names.</summary>
    public static IReadOnlyDictionary<string, Mask> Pictures { get; } = Mask.All.Select(item => KeyValuePair.Create($"{item.Key}.jpg", item.Value)).Concat(
    [
        new("sub/folder/a.jpg", Mask.All["nested"]), new("other/a.jpg", Mask.All["comb"]), new("two words.jpg", Mask.All["checks"]), new("100%#1.jpg", Mask.All["noise"]),
        new("Größe.jpg", Mask.All["blobs"]), new("no.png", Mask.All["hole"]), new("dots.in.name.jpg", Mask.All["row"]), new("a.jpg.jpg", Mask.All["column"]),
        new("images/masks/inner.jpg", Mask.All["two-holes"]), new("labels.jpg", Mask.All["open-ring"]), new("test/train.jpg", Mask.All["corners"]),
    ]).ToDictionary();

    /// <summary>A folder of these pictures and classes.</summary>
    public static LabelledFolder Folder()
    {
        var folder = new LabelledFolder(Classes);
        foreach (var (picture, mask) in Pictures)
            folder.Add(picture, mask);
        return folder;
    }
}
