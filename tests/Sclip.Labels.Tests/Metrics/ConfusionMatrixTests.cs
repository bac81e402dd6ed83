
namespace Sclip.Labels.Tests.Metrics;

public class ConfusionMatrixTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(255, false)]
    [InlineData(255, true)]
    [InlineData(3, true)]
    [InlineData(null, false)]
    public void Counting_by_runs_is_counting_by_pixels(int? ignore, bool reduceZeroLabel)
    {
        var random = new Random(7);
        foreach (var longest in new[] { 1, 3, 9, 40, 300 })
        {
            var (prediction, truth) = (Areas(random, longest, 6), Areas(random, longest + 2, 6, ignore));
            var (expected, ignored, actual, picture) = (new long[6, 6], 0, new ConfusionMatrix(6, ignore, reduceZeroLabel), new ClassAreas(6));
            for (var i = 0; i < truth.Length; i++)
            {
                if (truth[i] == ignore || (reduceZeroLabel && truth[i] == 0))
                {
                    ignored++;
                    continue;
                }
                expected[truth[i] - (reduceZeroLabel ? 1 : 0), prediction[i]]++;
            }
            actual.Add(prediction, truth, picture);
            Assert.Equal(ignore is not null || reduceZeroLabel, ignored > 0);
            Assert.Equal([ignored, ignored, ignored], new[] { actual.Ignored, picture.Ignored, actual.Areas().Ignored });
            Assert.Equal(ignored / 5000.0, picture.IgnoredShare, 1e-12);
            Assert.Equal(prediction.Distinct().Order().Select(label => (int)label), actual.Predicted);
            for (var i = 0; i < 6; i++)
                for (var j = 0; j < 6; j++)
                    Assert.Equal(expected[i, j], actual[i, j]);
        }
    }

    [Fact]
    public void Parts_counted_apart_add_up_to_the_whole()
    {
        var random = new Random(11);
        var (prediction, truth) = (Areas(random, 20, 5), Areas(random, 20, 5, 255));
        var (whole, first, second) = (new ConfusionMatrix(5), new ConfusionMatrix(5), new ConfusionMatrix(5));
        whole.Add(prediction, truth);
        first.Add(prediction.AsSpan(..1234), truth.AsSpan(..1234));
        second.Add(prediction.AsSpan(1234..), truth.AsSpan(1234..));
        second.Add(first);
        for (var i = 0; i < 25; i++)
            Assert.Equal(whole[i / 5, i % 5], second[i / 5, i % 5]);
        Assert.Equal((whole.Ignored, whole.Only([1, 3]).Ignored), (second.Ignored, second.Ignored));
        Assert.NotEqual(0, whole.Ignored);
        Assert.Equal(whole.Predicted, second.Predicted);
        Assert.Throws<ArgumentException>(() => whole.Add(new ConfusionMatrix(4)));
    }

    [Fact]
    public void Measures_of_one_picture_are_those_of_a_matrix_of_it_alone()
    {
        var random = new Random(13);
        var (all, alone, picture) = (new ConfusionMatrix(5), new ConfusionMatrix(5), new ClassAreas(5));
        all.Add(Areas(random, 20, 5), Areas(random, 20, 5, 255), picture);
        picture.Clear();
        var (prediction, truth) = (Areas(random, 30, 5), Areas(random, 30, 5, 255));
        all.Add(prediction, truth, picture);
        alone.Add(prediction, truth);
        Assert.Equal(alone.MeanIou, picture.MeanIou);
        Assert.Equal(alone.OverallAccuracy, picture.OverallAccuracy);
        Assert.Equal(alone.Ignored, picture.Ignored);
    }

    [Fact]
    public void A_class_in_neither_has_no_measure_and_one_only_predicted_an_IoU_of_0()
    {
        var matrix = new ConfusionMatrix(4);
        matrix.Add([0, 0, 1, 2], [0, 0, 1, 1]);
        Assert.Equal([1, 0.5, 0, null], Enumerable.Range(0, 4).Select(matrix.Iou));
        Assert.Equal([1, 0.5, null, null], Enumerable.Range(0, 4).Select(matrix.Accuracy));
        Assert.Equal(0.5, matrix.MeanIou);
        Assert.Equal(0.75, matrix.MeanAccuracy);
        Assert.Equal(0.75, matrix.OverallAccuracy);
    }

    [Fact]
    public void Where_nothing_counts_there_is_no_measure()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add([0, 1], [255, 255]);
        Assert.Equal([double.NaN, double.NaN, double.NaN], [matrix.MeanIou, matrix.MeanAccuracy, matrix.OverallAccuracy]);
    }

    [Fact]
    public void Zero_reduced_is_ignored_and_the_others_are_one_less()
    {
        var matrix = new ConfusionMatrix(2, ignore: 255, reduceZeroLabel: true);
        matrix.Add([0, 0, 1, 1], [0, 1, 2, 255]);
        Assert.Equal([1, 0, 0, 1], new[] { matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1] });
    }

    [Theory]
    [InlineData(new ushort[] { 0, 0, 0, 2 }, new ushort[] { 0, 0, 0, 0 }, 3, 2, false)]
    [InlineData(new ushort[] { 0, 0, 9, 0 }, new ushort[] { 0, 7, 255, 0 }, 1, 7, true)]
    public void A_label_beyond_the_classes_is_refused_with_its_pixel(ushort[] prediction, ushort[] truth, int pixel, int label, bool inTruth)
    {
        var error = Assert.Throws<LabelRangeException>(() => new ConfusionMatrix(2).Add(prediction, truth));
        Assert.Equal((pixel, label, inTruth), (error.Pixel, error.Label, error.InTruth));
    }

    [Fact]
    public void What_is_predicted_where_nothing_counts_does_not_matter()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add([900, 1], [255, 1]);
        Assert.Equal(1, matrix.OverallAccuracy);
    }

    /// <summary>Some thousand pixels in runs of random lengths; now and then the extra label.</summary>
    private static ushort[] Areas(Random random, int longest, int classes, int? extra = null)
    {
        var labels = new ushort[5000];
        for (var i = 0; i < labels.Length;)
        {
            var end = Math.Min(labels.Length, i + 1 + random.Next(longest));
            labels.AsSpan(i..end).Fill((ushort)(extra is { } label && random.Next(5) == 0 ? label : random.Next(classes)));
            i = end;
        }
        return labels;
    }
}
