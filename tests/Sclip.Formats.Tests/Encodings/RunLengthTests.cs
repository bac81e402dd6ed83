using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;

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

    private static void Hold(Action<Mask> property)
    {
        Masks.Any.Hold(Small, property);
        Masks.OfRuns.Hold(Long, property);
    }

    private static IEnumerable<int> Classes(Mask mask) => mask.Labels.Distinct().Where(label => label != Mask.None);

    private static int[] Inside(Mask mask, int label) => [.. Enumerable.Range(0, mask.Labels.Length).Where(i => mask.Labels[i] == label)];

    private static void Same(IEnumerable<int> expected, IEnumerable<int> read) => Assert.True(expected.SequenceEqual(read), "other pixels are read than were written");
}
