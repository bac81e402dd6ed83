using CsCheck;
using Sclip.Testing;

namespace Sclip.Labels.Tests.Metrics;

public class ConfusionMatrixTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(255, false)]
    [InlineData(255, true)]
    [InlineData(3, true)]
    [InlineData(null, false)]
    public void Counting_by_runs_is_counting_by_pixels(int? ignore, bool reduceZeroLabel) => LabelPair.Of(ignore, reduceZeroLabel ? 1 : 0).Holds(200, pair =>
    {
        var (prediction, truth) = pair;
        var (expected, ignored, actual, picture) = (new long[LabelPair.Classes, LabelPair.Classes], 0, new ConfusionMatrix(LabelPair.Classes, ignore, reduceZeroLabel), new ClassAreas(LabelPair.Classes));
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
        Assert.Equal([ignored, ignored, ignored], new[] { actual.Ignored, picture.Ignored, actual.Areas().Ignored });
        Assert.Equal(ignored / (double)truth.Length, picture.IgnoredShare, 1e-12);
        Assert.Equal(prediction.Distinct().Order().Select(label => (int)label), actual.Predicted);
        Assert.Equal(expected, Counts(actual));
    });

    [Fact]
    public void Parts_counted_apart_add_up_to_the_whole() => Gen.Select(LabelPair.Of(), Gen.Double.Unit).Holds(100, input =>
    {
        var ((prediction, truth), share) = input;
        var cut = (int)(share * truth.Length);
        var (whole, first, second) = (new ConfusionMatrix(LabelPair.Classes), new ConfusionMatrix(LabelPair.Classes), new ConfusionMatrix(LabelPair.Classes));
        whole.Add(prediction, truth);
        first.Add(prediction.AsSpan(..cut), truth.AsSpan(..cut));
        second.Add(prediction.AsSpan(cut..), truth.AsSpan(cut..));
        second.Add(first);
        Assert.Equal(Counts(whole), Counts(second));
        Assert.Equal((whole.Ignored, whole.Only([1, 3]).Ignored), (second.Ignored, second.Ignored));
        Assert.Equal(whole.Predicted, second.Predicted);
    });

    [Fact]
    public void A_matrix_of_another_number_of_classes_is_not_added() => Assert.Throws<ArgumentException>(() => new ConfusionMatrix(5).Add(new ConfusionMatrix(4)));

    [Fact]
    public void Measures_of_one_picture_are_those_of_a_matrix_of_it_alone() => Gen.Select(LabelPair.Of(), LabelPair.Of()).Holds(300, pairs =>
    {
        var (before, pair) = pairs;
        var (all, alone, picture) = (new ConfusionMatrix(LabelPair.Classes), new ConfusionMatrix(LabelPair.Classes), new ClassAreas(LabelPair.Classes));
        all.Add(before.Prediction, before.Truth, picture);
        picture.Clear();
        all.Add(pair.Prediction, pair.Truth, picture);
        alone.Add(pair.Prediction, pair.Truth);
        Assert.Equal((alone.MeanIou, alone.MeanAccuracy, alone.OverallAccuracy, alone.Ignored), (picture.MeanIou, picture.MeanAccuracy, picture.OverallAccuracy, picture.Ignored));
    });

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

    private static long[,] Counts(ConfusionMatrix matrix)
    {
        var counts = new long[matrix.Classes, matrix.Classes];
        for (var i = 0; i < counts.Length; i++)
            counts[i / matrix.Classes, i % matrix.Classes] = matrix[i / matrix.Classes, i % matrix.Classes];
        return counts;
    }
}
