using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Exploration.Tests;

public class HeatMapTests
{
    [Fact]
    public void What_is_higher_is_drawn_brighter_and_the_picture_stays_visible()
    {
        var gray = new RgbImage(5, 1, [.. Enumerable.Repeat((byte)128, 15)]);
        var drawn = Brightness(HeatMap.Draw(gray, [-1, 0, 0.3f, 0.7f, 1], 0, 1));
        Assert.Equal(drawn[0], drawn[1]);
        Assert.True(drawn[1] < drawn[2] && drawn[2] < drawn[3] && drawn[3] < drawn[4], string.Join(' ', drawn));
        var striped = new RgbImage(2, 1, [0, 0, 0, 255, 255, 255]);
        Assert.True(Brightness(HeatMap.Draw(striped, [0.5f, 0.5f], 0, 1)) is [var dark, var light] && dark < light);
    }

    [Fact]
    public void A_map_without_any_difference_is_drawn_as_low()
    {
        var gray = new RgbImage(1, 1, [90, 90, 90]);
        Assert.Equal(HeatMap.Draw(gray, [0], 0, 1).Pixels, HeatMap.Draw(gray, [0.4f], 0.4f, 0.4f).Pixels);
    }

    [Fact]
    public void Heat_compares_classes_at_each_pixel_or_is_their_cosine()
    {
        var output = new DenseOutputs
        {
            Result = new SegmentationResult { Width = 2, Height = 1, LabelMap = [0, 1], PixelCounts = [1, 1], ClassConfidences = [0, 0], MeanConfidence = 0, ClassDoubts = [0, 0], Doubt = 0, Windows = 1 },
            Cosines = [0.2f, 0.8f, 0.1f, 0.9f],
            Features = [],
            GridHeight = 0,
            GridWidth = 0,
            Dimension = 0,
        };
        Assert.Equal([0.2f, 0.8f], new ClassHeat(output, plain: true).Of(0));
        // The second pixel is more similar to both, yet the first class comes out at the first pixel alone.
        Assert.Equal([0.05f, -0.05f], new ClassHeat(output, plain: false).Of(0).Select(value => MathF.Round(value, 5)));
    }

    [Fact]
    public void Clusters_have_colours_that_can_be_told_apart()
    {
        var colors = ClusterColors.Of(12);
        for (var i = 0; i < colors.Length; i++)
            for (var j = 0; j < i; j++)
                Assert.True(Math.Abs(colors[i].R - colors[j].R) + Math.Abs(colors[i].G - colors[j].G) + Math.Abs(colors[i].B - colors[j].B) > 60, $"{i}: {colors[i]}, {j}: {colors[j]}");
    }

    private static int[] Brightness(RgbImage image) => [.. image.Pixels.Chunk(3).Select(pixel => pixel.Sum(channel => channel))];
}
