using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Tests.PostProcessing;

/// <summary>Winners at every vector width against sums in double precision.</summary>
public sealed unsafe class RowScoresTests : IDisposable
{
    private const int Side = 20, Height = 23, Width = 37;

    // Fewer pixels than a vector, as many, and one more; larger and smaller than the picture that the model saw.
    private static readonly int[] PixelsOfRow = [1, 3, 15, 16, 17, Width];
    private const float Scale = 40;

    private readonly Threads _threads = new(2);

    public static TheoryData<int, int> WidthsAndNames => [.. KernelWidthTests.Widths.SelectMany(row => ((int[])[1, 3, 16, 21, 171]).Select(names => (row.Data, names)))];

    public void Dispose() => _threads.Dispose();

    [Theory]
    [MemberData(nameof(WidthsAndNames))]
    public void Winners_scores_and_doubts_are_those_of_each_pixels_softmax(int vectorBits, int names)
    {
        var labels = Labels(names);
        using var logits = Logits(names, vectorBits, out var averaged);
        foreach (var width in PixelsOfRow)
        {
            var seen = 0;
            new RowScores(logits, Height, width, labels, Scale, _threads) { VectorBits = vectorBits }.FindWinners(null, (y, winners, best, doubts) =>
            {
                Assert.Equal((width, width, width), (winners.Length, best.Length, doubts.Length));
                for (var x = 0; x < width; x++)
                {
                    var pixel = Pixel(averaged, names, y, x, width);
                    var expected = Expected(pixel, labels, winners[x]);
                    Assert.Equal(pixel.Max(), expected.Logit, 1e-6);
                    Assert.Equal(expected.Score, best[x], 1e-5);
                    Assert.Equal(expected.Doubt, doubts[x], 1e-5);
                }
                Interlocked.Increment(ref seen);
            }, TestContext.Current.CancellationToken);
            Assert.Equal(Height, seen);
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndNames))]
    public void Final_scores_win_as_they_are(int vectorBits, int names)
    {
        var labels = Labels(names);
        using var scores = Logits(names, vectorBits, out var averaged, lowest: 0);
        foreach (var width in PixelsOfRow)
            new RowScores(scores, Height, width, labels, scale: null, _threads) { VectorBits = vectorBits }.FindWinners(null, (y, winners, best, doubts) =>
            {
                for (var x = 0; x < width; x++)
                {
                    var (pixel, winner) = (Pixel(averaged, names, y, x, width), winners[x]);
                    var next = Enumerable.Range(0, names).Where(name => labels.ClassOfName[name] != winner).Select(name => pixel[name]).DefaultIfEmpty(0).Max();
                    Assert.Equal(pixel.Max(), Expected(pixel, labels, winner).Logit, 1e-6);
                    Assert.Equal(pixel.Max(), best[x], 1e-6);
                    Assert.Equal(2 / (1 + Math.Pow(pixel.Max() / next, 0.25)), doubts[x], 1e-5);
                }
            }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(WidthsAndNames))]
    public void Averages_are_the_same_to_the_last_bit_at_every_width(int vectorBits, int names)
    {
        using var logits = Logits(names, vectorBits, out var averaged);
        using var scalar = Logits(names, 0, out var expected);
        Assert.Equal(expected, averaged);
        // What stands behind the last name is far below every cosine.
        Assert.All(averaged, row => Assert.All(row.Chunk(logits.Stride), pixel => Assert.All(pixel[names..], lane => Assert.True(lane < -1e8))));
    }

    [Theory]
    [MemberData(nameof(KernelWidthTests.Widths), MemberType = typeof(KernelWidthTests))]
    public void Of_equal_names_the_first_wins_and_its_class_is_in_doubt(int vectorBits)
    {
        const int Names = 19;
        using var logits = new LogitMap(Side, Side, Names, 0);
        var patch = new float[logits.Stride];
        (patch[7], patch[11], patch[18]) = (0.25f, 0.25f, 0.25f);
        fixed (float* values = patch)
            logits.AddWindow(values, 1, 1, new Window(0, 0, Side, Side), _threads);
        var labels = new LabelEmbeddings { Values = [], Dimension = 0, ClassOfName = [.. Enumerable.Range(0, Names)], ClassCount = Names };
        new RowScores(logits, Height, Width, labels, Scale, _threads) { VectorBits = vectorBits }.FindWinners(null, (_, winners, _, doubts) =>
        {
            Assert.All(winners.ToArray(), winner => Assert.Equal(7, winner));
            Assert.All(doubts.ToArray(), doubt => Assert.Equal(1, doubt));
        }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(KernelWidthTests.Widths), MemberType = typeof(KernelWidthTests))]
    public void Where_a_class_is_dropped_the_best_of_the_others_wins(int vectorBits)
    {
        const int Names = 21;
        var labels = Labels(Names);
        using var logits = Logits(Names, vectorBits, out var averaged);
        var dropped = new bool[labels.ClassCount];
        (dropped[0], dropped[2]) = (true, true);
        new RowScores(logits, Height, Width, labels, Scale, _threads) { VectorBits = vectorBits }.FindWinners(dropped, (y, winners, best, _) =>
        {
            for (var x = 0; x < Width; x++)
            {
                var pixel = Pixel(averaged, Names, y, x, Width);
                var left = Enumerable.Range(0, Names).Where(name => !dropped[labels.ClassOfName[name]]).Max(name => pixel[name]);
                var expected = Expected(pixel, labels, winners[x]);
                Assert.Equal(left, expected.Logit, 1e-6);
                Assert.Equal(expected.Score, best[x], 1e-5);
            }
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>Classes of one, two and three names in turn.</summary>
    private static LabelEmbeddings Labels(int names)
    {
        var classes = new List<int>();
        for (var label = 0; classes.Count < names; label++)
            classes.AddRange(Enumerable.Repeat(label, Math.Min(label % 3 + 1, names - classes.Count)));
        return new LabelEmbeddings { Values = [], Dimension = 0, ClassOfName = [.. classes], ClassCount = classes[^1] + 1 };
    }

    /// <summary>Four windows over a picture, and their average as the map gives it at a vector width.</summary>
    private LogitMap Logits(int names, int vectorBits, out float[][] averaged, float lowest = -0.1f)
    {
        const int Grid = 3, Crop = 12;
        var logits = new LogitMap(Side, Side, names, 0);
        var random = new Random(names);
        foreach (var window in SlidingWindow.Cover(Side, Side, Crop, Side - Crop))
        {
            var patches = new float[Grid * Grid * logits.Stride];
            for (var i = 0; i < patches.Length; i++)
                patches[i] = i % logits.Stride < names ? lowest + random.NextSingle() / 5 : 0;
            fixed (float* values = patches)
                logits.AddWindow(values, Grid, Grid, window, _threads);
        }
        averaged = new float[Side][];
        using NativeBuffer row = new(logits.RowLength), mixed = new(logits.LongestGridRow);
        for (var y = 0; y < Side; y++)
        {
            logits.Average(y, row.Pointer, mixed.Pointer, vectorBits);
            averaged[y] = row.Span(0, logits.RowLength).ToArray();
        }
        return logits;
    }

    /// <summary>The logits of a pixel of the label map, by their definition.</summary>
    private static double[] Pixel(float[][] averaged, int names, int y, int x, int width)
    {
        var stride = LogitMap.StrideOf(names);
        var (row, column) = (BilinearResize.Taps(Side, Height)[y], BilinearResize.Taps(Side, width)[x]);
        return [.. Enumerable.Range(0, names).Select(name => Mix(row.Share, At(row.First, name), At(row.Second, name)))];

        double At(int line, int name) => Mix(column.Share, averaged[line][column.First * stride + name], averaged[line][column.Second * stride + name]);

        static double Mix(double share, double first, double second) => first + (second - first) * share;
    }

    private static (double Logit, double Score, double Doubt) Expected(double[] pixel, LabelEmbeddings labels, int label)
    {
        var best = Enumerable.Range(0, pixel.Length).Where(name => labels.ClassOfName[name] == label).Max(name => pixel[name]);
        var others = Enumerable.Range(0, pixel.Length).Where(name => labels.ClassOfName[name] != label).Select(name => pixel[name]).DefaultIfEmpty(double.NegativeInfinity).Max();
        return (best, 1 / pixel.Sum(logit => Math.Exp((logit - best) * Scale)), 2 / (1 + Math.Exp(PixelDoubt.Root * Scale * (best - others))));
    }
}
