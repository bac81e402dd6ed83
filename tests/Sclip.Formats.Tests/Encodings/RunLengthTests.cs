using CsCheck;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Encodings;

/// <summary>What the packings of masks write is read back: small masks of all kinds, and runs of extreme lengths.</summary>
public sealed class RunLengthTests
{
    private const int Small = 300, Long = 60;

    [Fact]
    public void Coco_has_the_pixels_of_each_class() => Hold(mask =>
    {
        foreach (var label in Classes(mask))
        {
            var inside = Inside(mask, label);
            var box = new Box(inside.Min(i => i % mask.Width), inside[0] / mask.Width, inside.Max(i => i % mask.Width) + 1, inside[^1] / mask.Width + 1);
            var counts = Coco.Counts(CocoRle.Encode<int>(mask.Labels, label, mask.Width, mask.Height, box));
            Same(inside, Coco.Pixels(counts, mask.Width, mask.Height).Order());
        }
    });

    [Fact]
    public void Cvat_has_the_pixels_of_each_region() => Hold(mask =>
    {
        var map = RegionMap.Of(mask.Map, 1);
        var pixels = map.Ids.Index().ToLookup(item => item.Item, item => item.Index);
        foreach (var region in map.Regions)
            Same(pixels[region.Index], Cvat.Pixels(CvatRle.Encode(map, region), (region.Box.Left, region.Box.Top, region.Box.Width, region.Box.Height), mask.Width));
    });

    [Fact]
    public void Label_studio_has_the_pixels_of_each_class() => Hold(mask =>
    {
        foreach (var label in Classes(mask))
            Same(Inside(mask, label), LabelStudio.Pixels(LabelStudioRle.Encode(mask.Map, (ushort)label)));
    });

    [Fact]
    public void What_cvat_packs_is_painted_where_it_was() => Hold(mask =>
    {
        var map = RegionMap.Of(mask.Map, 1);
        var painted = Empty(mask);
        foreach (var region in map.Regions)
            Assert.Null(CvatRle.Paint(painted, CvatRle.Encode(map, region), region.Box, region.Class));
        Assert.Equal(mask.Map.Labels, painted.Labels);
    });

    [Fact]
    public void What_label_studio_packs_is_painted_where_it_was() => Hold(mask =>
    {
        var painted = Empty(mask);
        foreach (var label in Classes(mask))
            Assert.Null(LabelStudioRle.Paint(painted, LabelStudioRle.Encode(mask.Map, (ushort)label), (ushort)label));
        Assert.Equal(mask.Map.Labels, painted.Labels);
    });

    [Fact]
    public void A_brush_of_single_values_and_other_sizes_is_painted_by_its_opacity()
    {
        // 3 pixels of 4 values; values of 8 bits, sizes of 1, 2, 3 and 5 bits; one run of 7 single values, then one of 5 that repeat.
        var bits = Bits(12, 32) + Bits(7, 5) + Bits(0, 4) + Bits(1, 4) + Bits(2, 4) + Bits(4, 4)
            + "0" + Bits(2, 2) + Bits(6, 3) + string.Concat(new[] { 9, 9, 9, 127, 9, 9, 9 }.Select(value => Bits(value, 8)))
            + "1" + Bits(3, 2) + Bits(4, 5) + Bits(128, 8);
        byte[] bytes = [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];
        var map = Empty(Mask.Parse("000"));
        Assert.Null(LabelStudioRle.Paint(map, bytes, 7));
        Assert.Equal([LabelMap.Nothing, 7, 7], map.Labels);
        Assert.Equal("breaks off before its end", LabelStudioRle.Paint(map, bytes.AsSpan(..^1), 7));

        static string Bits(int value, int count) => Convert.ToString(value, 2).PadLeft(count, '0');
    }

    [Fact]
    public void Bytes_that_are_no_brush_are_told_and_harm_nothing() => Gen.Byte.Array[0, 40].Holds(2000, bytes =>
    {
        // Behind a head that fits, so that the runs are tried as well.
        Assert.NotEqual("", LabelStudioRle.Paint(Empty(Mask.Parse("0000", "0000")), [0, 0, 0, 32, .. bytes], 1));
        if (bytes.Length > 3 && bytes is not [0, 0, 0, 32, ..])
            Assert.NotNull(LabelStudioRle.Paint(Empty(Mask.Parse("0000", "0000")), bytes, 1));
    });

    [Fact]
    public void Counts_that_do_not_fill_their_bounds_are_told_and_paint_nothing_outside() => Gen.Int[-2, 12].Array[1, 8].Holds(2000, counts =>
    {
        var map = Empty(Mask.Parse("0000", "0000", "0000"));
        var fault = CvatRle.Paint(map, string.Join(", ", counts), new Box(1, 1, 3, 3), 5);
        Assert.Equal(counts.Sum() == 4 && counts.All(count => count >= 0), fault is null);
        Assert.All(Enumerable.Range(0, 12).Where(i => i is not (5 or 6 or 9 or 10)), i => Assert.Equal(LabelMap.Nothing, map.Labels[i]));
    });

    private static LabelMap Empty(Mask mask) => Mask.Empty(mask.Width, mask.Height).Map;

    private static void Hold(Action<Mask> property)
    {
        Masks.Any.Hold(Small, property);
        Masks.OfRuns.Hold(Long, property);
    }

    private static IEnumerable<int> Classes(Mask mask) => mask.Labels.Distinct().Where(label => label != Mask.None);

    private static int[] Inside(Mask mask, int label) => [.. Enumerable.Range(0, mask.Labels.Length).Where(i => mask.Labels[i] == label)];

    private static void Same(IEnumerable<int> expected, IEnumerable<int> read) => Assert.True(expected.SequenceEqual(read), "other pixels are read than were written");
}
