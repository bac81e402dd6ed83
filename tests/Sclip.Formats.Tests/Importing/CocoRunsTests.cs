using System.Text;
using CsCheck;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Tests.Readers;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>COCO's run lengths are read as they are written, and damaged ones are refused.</summary>
public sealed class CocoRunsTests
{
    [Fact]
    public void What_is_packed_is_read_back_compressed_and_not()
    {
        Masks.Any.Hold(300, Same);
        Masks.OfRuns.Hold(60, Same);

        static void Same(Mask mask)
        {
            var (compressed, plain) = (Mask.Empty(mask.Width, mask.Height).Map, Mask.Empty(mask.Width, mask.Height).Map);
            foreach (var label in mask.Labels.Distinct().Where(label => label != Mask.None))
            {
                var text = CocoRle.Encode<int>(mask.Labels, label, mask.Width, mask.Height, new Box(0, 0, mask.Width, mask.Height));
                Assert.Null(CocoRuns.Paint(compressed, CocoRuns.Decode(Encoding.ASCII.GetBytes(text)), (ushort)label));
                Assert.Null(CocoRuns.Paint(plain, Coco.Counts(text), (ushort)label));
            }
            Assert.Equal(mask.Map.Labels, compressed.Labels);
            Assert.Equal(mask.Map.Labels, plain.Labels);
        }
    }

    [Fact]
    public void Counts_may_end_with_the_last_run_inside()
    {
        var map = Mask.Empty(2, 2).Map;
        Assert.Null(CocoRuns.Paint(map, [2, 2], 5));
        Assert.Equal([LabelMap.Nothing, 5, LabelMap.Nothing, 5], map.Labels);
    }

    [Theory]
    [InlineData("are of more than the picture's 4 pixels", 1L, 4L)]
    [InlineData("are of more than the picture's 4 pixels", 0L, long.MaxValue)]
    [InlineData("hold what is no count of pixels", 1L, -1L)]
    [InlineData("are of 3 pixels, and the picture has 4: they are cut off", 1L, 2L)]
    [InlineData("are of 0 pixels, and the picture has 4")]
    public void Counts_that_cannot_be_are_told(string said, params long[] counts) => Assert.StartsWith(said, CocoRuns.Paint(Mask.Empty(2, 2).Map, counts, 0), StringComparison.Ordinal);

    [Fact]
    public void No_text_at_all_does_harm() => Gen.Byte.Array[0, 40].Holds(3000, text =>
    {
        var map = Mask.Empty(5, 4).Map;
        var reason = CocoRuns.Paint(map, CocoRuns.Decode(text), 1);
        Assert.True(reason is null || reason.EndsWith('.'));
    });
}
