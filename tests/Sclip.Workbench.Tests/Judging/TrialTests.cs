using System.Numerics.Tensors;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Tests.Judging;

/// <summary>Changes of names on made-up pixels: what is told from a competition and one cosine is what a competition of all names gives.</summary>
public sealed class TrialTests
{
    private const int Dimension = 8;

    private static readonly SegmentationOptions Plain = new() { LogitScale = 10 };
    private static readonly SegmentationOptions Unsure = new() { LogitScale = 10, ProbabilityThreshold = 0.35 };

    private readonly Random _random = new(7);

    public static TheoryData<bool> WithAndWithoutThreshold => [false, true];

    [Theory]
    [MemberData(nameof(WithAndWithoutThreshold))]
    public void A_name_more_gives_what_all_names_give(bool isUnsure)
    {
        var (options, labels, samples) = (isUnsure ? Unsure : Plain, Names(0, 0, 1, 2, 2, 2), Samples(3, 5, 40));
        var name = Unit();
        var tally = new Trial(samples, labels, options, default).With(samples.Cosines([name], default)[0]);

        for (var label = 0; label < 3; label++)
        {
            var more = Names([.. Enumerable.Range(0, 7).Select(i => i == Place(label) ? name : Row(labels, i > Place(label) ? i - 1 : i))], [.. ((int[])[0, 0, 1, 2, 2, 2, label]).Order()]);
            Same(new Trial(samples, more, options, default).Before, tally, label);
        }

        // Behind the other names of its class.
        static int Place(int label) => label switch { 0 => 2, 1 => 3, _ => 6 };
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutThreshold))]
    public void A_name_less_gives_what_the_others_give(bool isUnsure)
    {
        var (options, labels, samples) = (isUnsure ? Unsure : Plain, Names(0, 0, 1, 2, 2, 2), Samples(3, 5, 40));
        foreach (var name in (int[])[1, 4, 5])
        {
            var tally = new Trial(samples, labels, options, default).Without(name, samples.Cosines([Row(labels, name)], default)[0]);

            var less = Names([.. Enumerable.Range(0, 6).Where(i => i != name).Select(i => Row(labels, i))], [.. labels.ClassOfName.Where((_, i) => i != name)]);
            Same(new Trial(samples, less, options, default).Before, tally, winner: null);
        }
    }

    [Theory]
    [InlineData(10, 0.05f)]
    [InlineData(100, 0.05f)]
    [InlineData(10_000, 0.05f)]
    [InlineData(10_000, 0.1f)]
    public void Without_the_best_name_the_second_has_its_share_at_any_logit_scale(float scale, float third)
    {
        float[] cosines = [1, 0.1f, third];

        var left = Compete(cosines).Without(cosines[0], 0, scale);

        Assert.Equal(Compete(cosines[1..]).Probability, left.Probability, 0.001f);

        NameCompetition Compete(float[] names) =>
            NameCompetition.Of([1], new LabelEmbeddings { Values = names, Dimension = 1, ClassOfName = [.. names.Select(_ => 0)], ClassCount = 1 }, scale, new float[names.Length]);
    }

    [Fact]
    public void Another_threshold_gives_what_it_gives_from_the_start()
    {
        var (labels, samples) = (Names(0, 0, 1, 2, 2, 2), Samples(3, 5, 40));

        Same(new Trial(samples, labels, Unsure, default).Before, new Trial(samples, labels, Plain, default).Under(0.35f), winner: null);
        Same(new Trial(samples, labels, Plain, default).Before, new Trial(samples, labels, Unsure, default).Under(0), winner: null);
    }

    [Fact]
    public void A_synonym_that_helps_all_pictures_gains()
    {
        var gain = GainOf(Enumerable.Range(0, 6));

        Assert.True(gain!.Miou > 0.9);
        Assert.True(gain.IsChoosable(left: null));
        Assert.Equal(TrialSamples.MostFolds, gain.OnFolds.Of.Count(score => score > 0.2));
    }

    [Fact]
    public void A_synonym_that_helps_one_picture_alone_gains_nothing_that_is_trusted() => Assert.Null(GainOf([2]));

    [Fact]
    public void A_synonym_that_helps_two_folds_and_leaves_the_others_alone_gains_but_not_without_one_of_the_two()
    {
        var gain = GainOf([1, 3])!;

        Assert.True(gain.IsChoosable(left: null));
        Assert.Equal([true, false, true, false, true], Enumerable.Range(0, 5).Select(fold => gain.IsChoosable(fold)));
    }

    [Fact]
    public void A_synonym_that_harms_more_folds_than_it_helps_gains_nothing_that_is_trusted() => Assert.Null(GainOf([1, 3], [0, 2, 4]));

    [Fact]
    public void A_synonym_that_fulfils_a_wish_gains_whatever_the_ground_truth_says()
    {
        var gain = GainOf([2], wish: new PlacedWish(JudgedScenes.Click("w", 0, "one", 0, 0), Picture(0), Class: 1, [(0, 0)]));

        Assert.Equal((1, 1), (gain!.Held, gain.HeldMore));
        Assert.True(gain.Margin > 0.1);
    }

    /// <summary>The gain of a name for the second of two classes, which wins most pixels of some pictures, rightly, and one of others, wrongly.</summary>
    private static Gain? GainOf(IEnumerable<int> helped, IEnumerable<int>? harmed = null, PlacedWish? wish = null)
    {
        // Along the axes: the first class's name, the second's, and what only the new name has, which the first class is nearest to else.
        float[] first = [0.9f, 0, 0], second = [0, 1, 0], apart = [0.1f, 0, 0.9f];
        var pictures = Enumerable.Range(0, 6).Select(i => new TruthSample(
            Picture(i),
            [.. first, .. second, .. Enumerable.Repeat(apart, helped.Contains(i) ? 5 : harmed?.Contains(i) == true ? 1 : 0).SelectMany(feature => feature)],
            [0, 1, .. Enumerable.Repeat((byte)(helped.Contains(i) ? 1 : 0), helped.Contains(i) ? 5 : harmed?.Contains(i) == true ? 1 : 0)])).ToArray();
        var set = LabelSet.Of([new LabelClass { Name = "zero" }, new LabelClass { Name = "one" }]);
        var samples = new TrialSamples(pictures, new ClassMatch(set, set.Classes), wish is null ? [] : [(wish, apart)], 3, threads: 2);
        var trial = new Trial(samples, new LabelEmbeddings { Values = [.. first, .. second], Dimension = 3, ClassOfName = [0, 1], ClassCount = 2 }, Plain, default);
        return trial.GainOf(trial.With(samples.Cosines([[0, 0, 1]], default)[0]), winner: 1);
    }

    private static void Same(Standing expected, Tally tally, int? winner)
    {
        var (held, shares, _) = tally.Wishes(winner);
        Assert.Equal((expected.Held, expected.Shares, expected.Miou), (held, shares, tally.MeanIou(winner)));
        var scores = tally.Scores(winner);
        Assert.Equal(expected.Scores.Whole, scores.Whole);
        Assert.Equal(expected.Scores.Of, scores.Of);
        Assert.Equal(expected.Scores.Rest, scores.Rest);
    }

    /// <summary>Three classes, the first of which the ground truth has not; it has another.</summary>
    private TrialSamples Samples(int pictures, int wishes, int pixels)
    {
        var match = new ClassMatch(LabelSet.Of([new LabelClass { Name = "zero" }, new LabelClass { Name = "one" }, new LabelClass { Name = "two" }]), [new LabelClass { Name = "two" }, new LabelClass { Name = "four" }, new LabelClass { Name = "one" }]);
        return new TrialSamples(
            [.. Enumerable.Range(0, pictures).Select(i => new TruthSample(Picture(i), Features(pixels), [.. Enumerable.Range(0, pixels).Select(_ => (byte)_random.Next(3))]))], match,
            [.. Enumerable.Range(0, wishes).Select(i => (new PlacedWish(JudgedScenes.Click($"{i}", 0, "", 0, 0), Picture(0), i == 4 ? null : i % 3, [.. Enumerable.Repeat((0, 0), i + 1)]), Features(i + 1)))],
            Dimension, threads: 2);
    }

    private static SessionPicture Picture(int index) => new(index, new PictureReference($"{index}", new FileBlobStore("."), $"{index}"), hasTruth: true);

    private float[] Features(int count) => [.. Enumerable.Range(0, count).SelectMany(_ => Unit())];

    private LabelEmbeddings Names(params int[] classes) => Names([.. classes.Select(_ => Unit())], classes);

    private static LabelEmbeddings Names(float[][] rows, int[] classes) =>
        new() { Values = [.. rows.SelectMany(row => row)], Dimension = Dimension, ClassOfName = classes, ClassCount = 3, BackgroundClass = 0 };

    private static float[] Row(LabelEmbeddings labels, int name) => labels.Values[(name * Dimension)..((name + 1) * Dimension)];

    private float[] Unit()
    {
        var values = Enumerable.Range(0, Dimension).Select(_ => _random.NextSingle() - 0.5f).ToArray();
        TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
        return values;
    }
}
