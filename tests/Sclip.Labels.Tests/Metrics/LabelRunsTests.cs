using Sclip.Testing;

namespace Sclip.Labels.Tests.Metrics;

public class LabelRunsTests
{
    [Fact]
    public void Runs_cover_all_pixels_in_order_and_end_where_a_label_changes() => LabelPair.Of().Holds(1000, pair =>
    {
        var expected = new List<PixelRun>();
        foreach (var (i, labels) in pair.Prediction.Zip(pair.Truth).Index())
            if (expected is [.., var last] && (last.Prediction, last.Truth) == labels)
                expected[^1] = last with { Length = last.Length + 1 };
            else
                expected.Add(new PixelRun(i, 1, labels.First, labels.Second));
        var runs = new List<PixelRun>();
        foreach (var run in new LabelRuns(pair.Prediction, pair.Truth))
            runs.Add(run);
        Assert.Equal(expected, runs);
    });

    [Fact]
    public void Two_that_differ_in_length_are_refused() => Assert.Throws<ArgumentException>(() => new LabelRuns(new ushort[3], new ushort[2]));
}
