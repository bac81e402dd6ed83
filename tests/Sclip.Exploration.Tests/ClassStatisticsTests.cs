using Sclip.Segmentation;

namespace Sclip.Exploration.Tests;

public class ClassStatisticsTests
{
    private static readonly string[] Names = ["grass", "lawn", "sky", "cat"];

    // 32 x 32 pixels: the upper half is sky, the lower grass with lawn close behind; cat is never near.
    private static readonly ClassStatistics Statistics = Add(new ClassStatistics(4, 40), (y, x) =>
    {
        var ripple = 0.001f * (x % 7);
        return y < 16 ? [0.10f + ripple, 0.10f + ripple, 0.30f, 0.05f] : [0.30f + ripple, 0.295f + ripple, 0.10f, 0.05f];
    });

    [Fact]
    public void Each_class_is_told_its_share_lead_doubt_and_rival()
    {
        var classes = Statistics.Classes(Names);
        Assert.Equal([0.5, 0, 0.5, 0], classes.Select(item => item.Share));
        Assert.Equal(0.005, classes[0].Lead, 1e-6);
        Assert.Equal((1, "lawn"), (classes[0].Doubt, classes[0].Rival));
        Assert.Contains("synonyms", classes[0].Hint, StringComparison.Ordinal);
        Assert.InRange(classes[2].Lead, 0.19, 0.2);
        Assert.Equal((0, "Clear."), (classes[2].Doubt, classes[2].Hint));
        Assert.Equal(0.3, classes[2].MaxCosine, 1e-6);
        Assert.Equal(0.2, classes[2].MeanCosine, 1e-6);
    }

    [Fact]
    public void A_class_that_never_wins_is_told_how_near_it_came_and_to_which()
    {
        var classes = Statistics.Classes(Names);
        Assert.Equal(-0.005, classes[1].Lead, 1e-6);
        Assert.Equal("Never wins: at best 0.005 behind grass. Leave it out, or say it in other words.", classes[1].Hint);
        Assert.Equal("sky", classes[3].Rival);
    }

    [Fact]
    public void Names_that_compete_come_with_their_share_and_the_correlation_of_their_maps()
    {
        var pairs = Statistics.Pairs(Names, 10);
        Assert.Equal(("grass", "lawn", 0.5), (pairs[0].First, pairs[0].Second, pairs[0].Contested));
        Assert.InRange(pairs[0].Correlation, 0.99, 1);
        Assert.DoesNotContain(pairs, pair => pair.First == "sky" || pair.Second == "sky");
        Assert.Single(Statistics.Pairs(Names, 1));
    }

    [Fact]
    public void One_class_alone_has_no_rival()
    {
        var alone = Add(new ClassStatistics(1, 40), (_, _) => [0.2f]).Classes(["thing"])[0];
        Assert.Equal((1, null, "Clear."), (alone.Share, alone.Rival, alone.Hint));
    }

    private static ClassStatistics Add(ClassStatistics statistics, Func<int, int, float[]> cosines)
    {
        const int Side = 32;
        var pixels = Enumerable.Range(0, Side * Side).Select(i => cosines(i / Side, i % Side)).ToArray();
        var classes = pixels[0].Length;
        var labels = pixels.Select(values => (ushort)Array.IndexOf(values, values.Max())).ToArray();
        statistics.Add(new DenseOutputs
        {
            Result = new SegmentationResult
            {
                Width = Side,
                Height = Side,
                LabelMap = labels,
                PixelCounts = [.. Enumerable.Range(0, classes).Select(label => (long)labels.Count(other => other == label))],
                ClassConfidences = new double[classes],
                MeanConfidence = 0,
                ClassDoubts = new double[classes],
                Doubt = 0,
                Windows = 1,
            },
            Cosines = [.. Enumerable.Range(0, classes).SelectMany(label => pixels.Select(values => values[label]))],
            Features = [],
            GridHeight = 0,
            GridWidth = 0,
            Dimension = 0,
        });
        return statistics;
    }
}
