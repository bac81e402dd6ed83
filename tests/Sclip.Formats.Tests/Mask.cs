using Sclip.Labels;

namespace Sclip.Formats.Tests;

/// <summary>Class indices, <c>[height, width]</c>; -1 where there is none.</summary>
internal sealed record Mask(int Width, int Height, int[] Labels)
{
    public const int None = -1;

    /// <summary>Shapes that outlines and run lengths are known to stumble over.</summary>
    public static IReadOnlyDictionary<string, Mask> All { get; } = new Dictionary<string, Mask>
    {
        ["full"] = Parse("111", "111"),
        ["background"] = Parse("0000", "0000"),
        ["one"] = Parse("00000", "00100", "00000"),
        ["single"] = Parse("2"),
        ["row"] = Parse("0112211"),
        ["column"] = Parse("1", "1", "0", "2", "1"),
        ["corners"] = Parse("10001", "00000", "10001"),
        ["diagonal"] = Parse("1000", "0100", "0010", "0001"),
        ["hole"] = Parse("00000", "01110", "01010", "01110", "00000"),
        ["border-hole"] = Parse("1111", "1021", "1111"),
        ["two-holes"] = Parse("1111111", "1011101", "1111111", "1110111", "1111111"),
        ["hole-at-corner"] = Parse("011111", "101001", "110101", "111111"),
        ["touching-holes"] = Parse("111111", "110111", "101011", "110111", "111111"),
        ["nested"] = Parse("1111111", "1222221", "1211121", "1213121", "1211121", "1222221", "1111111"),
        ["comb"] = Parse("1010101", "1010101", "1111111", "0101010"),
        ["open-ring"] = Parse("01110", "11011", "10001", "11010", "01100"),
        ["checks"] = Random(1, 9, 7, (x, y) => (x + y) & 1),
        ["noise"] = Random(2, 31, 23, null),
        ["blobs"] = Random(3, 64, 48, null, scale: 9),
    };

    /// <summary>The rows, as they are parsed; '.' for no class.</summary>
    public string Text => $"{Width} x {Height}\n" + string.Join('\n', Labels.Chunk(Width).Select(row => string.Concat(row.Select(label => label == None ? "." : $"{label}"))));

    /// <summary>The mask as exporters take it.</summary>
    public LabelMap Map => new([.. Labels.Select(label => label == None ? LabelMap.Nothing : (ushort)label)], Width, Height);

    public static Mask Parse(params string[] rows) => new(rows[0].Length, rows.Length, [.. rows.SelectMany(row => row.Select(letter => letter - '0'))]);

    /// <summary>A seeded mask of four classes in patches of about a size; or one by a rule.</summary>
    public static Mask Random(int seed, int width, int height, Func<int, int, int>? rule = null, int scale = 1)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, Math.Max(1, width * height / (scale * scale))).Select(_ => (X: random.NextDouble() * width, Y: random.NextDouble() * height, Label: random.Next(4))).ToArray();
        int Nearest(int x, int y) => scale == 1 ? random.Next(4) : centres.MinBy(centre => (centre.X - x) * (centre.X - x) + (centre.Y - y) * (centre.Y - y)).Label;
        return new(width, height, [.. Enumerable.Range(0, width * height).Select(i => (rule ?? Nearest)(i % width, i / width))]);
    }

    public static Mask Empty(int width, int height) => new(width, height, [.. Enumerable.Repeat(None, width * height)]);

    /// <summary>The mask without some classes.</summary>
    public Mask Without(params int[] classes) => this with { Labels = [.. Labels.Select(label => classes.Contains(label) ? None : label)] };

    /// <summary>Sets pixels that must not be set yet.</summary>
    public void Paint(IEnumerable<int> pixels, int label)
    {
        foreach (var pixel in pixels)
        {
            Assert.True(Labels[pixel] == None, $"pixel ({pixel % Width}, {pixel / Width}) is covered twice");
            Labels[pixel] = label;
        }
    }

    public void AssertIs(Mask expected, string name)
    {
        Assert.Equal((expected.Width, expected.Height), (Width, Height));
        for (var y = 0; y < Height; y++)
            Assert.True(Labels.AsSpan(y * Width, Width).SequenceEqual(expected.Labels.AsSpan(y * Width, Width)), $"{name}: row {y} is {Row(this, y)}, not {Row(expected, y)}");
    }

    private static string Row(Mask mask, int y) => string.Join(' ', mask.Labels.Skip(y * mask.Width).Take(mask.Width));
}
