using Sclip.Contracts;

namespace Sclip.Formats.Tests;

/// <summary>Pictures whose label maps, names and classes are of all the kinds that formats and their readers are known to stumble over.</summary>
internal static class HandMade
{
    /// <summary>Classes with letters that separate elsewhere, and names that are other words elsewhere.</summary>
    public static readonly LabelClass[] Classes =
    [
        new() { Name = "background", Background = true }, new() { Name = "grass, wet" }, new() { Name = "a \"boat\" & <oar>" }, new() { Name = "<b>", Color = new(224, 224, 192) },
        new() { Name = "no" }, new() { Name = "Käfer", Color = new(10, 200, 30) }, new() { Name = "it's #1: old" },
    ];

    /// <summary>Label maps by the names of their pictures.</summary>
    public static IReadOnlyDictionary<string, Mask> Pictures { get; } = new Dictionary<string, Mask>
    {
        ["islands.jpg"] = Mask.Parse("110000011", "110022011", "000022000", "033000440", "033000440", "000555000", "660555066"),
        ["holes.png"] = Mask.Parse("111111111", "102011031", "100011001", "111111111", "116666611", "116111611", "116151611", "116666611", "111111111"),
        ["single pixels.jpg"] = Mask.Parse("1020304", "0000000", "5060102", "0000000", "3040506"),
        ["borders.jpeg"] = Mask.Parse("1111111", "2000003", "2000003", "2000003", "4444444"),
        ["100%#1.jpg"] = Mask.Random(11, 17, 12, (x, y) => (x + y) % 2 == 0 ? 1 : 4),
        ["rings.jpg"] = Mask.Random(12, 33, 31, (x, y) => (int)Math.Sqrt((x - 16) * (x - 16) + (y - 15) * (y - 15)) / 3 % 7),
        ["line.jpg"] = Mask.Random(13, 77, 1, (x, _) => x / 5 % 7),
        ["column.jpg"] = Mask.Random(14, 1, 77, (_, y) => y / 4 % 5),
        ["one.jpg"] = Mask.Parse("4"),
        ["nothing but background.jpg"] = Mask.Parse("0000", "0000", "0000"),
        ["all one.jpg"] = Mask.Parse("55555", "55555"),
        ["noise.jpg"] = Mask.Random(15, 41, 37, (x, y) => (x * 7919 + y * 104729 + x * y * 31) % 211 % 7),
        ["patches.v1.2.jpg"] = Mask.Random(16, 90, 64, scale: 11),
        ["left/scene.jpg"] = Mask.Random(17, 24, 20, scale: 6),
        ["right/scene.jpg"] = Mask.Random(18, 20, 24, scale: 5),
        [".hidden/.scene.jpg"] = Mask.Parse("0110", "1221", "0110"),
        ["images/deep/images/Fußgänger Straße.jpg"] = Mask.Parse("0011", "0110", "1100", "2222"),
    };

    /// <summary>A folder as <c>sclip label</c> leaves it, with all of them.</summary>
    public static LabelledFolder Folder()
    {
        var folder = new LabelledFolder(Classes);
        foreach (var (name, mask) in Pictures)
            folder.Add(name, mask);
        return folder;
    }
}
