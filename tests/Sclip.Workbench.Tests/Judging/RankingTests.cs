using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Workbench.Judging;

namespace Sclip.Workbench.Tests.Judging;

/// <summary>Which change is the best, and what is told of it on pictures that it was not chosen by.</summary>
public sealed class RankingTests
{
    private const int Folds = 5;

    private readonly Ranking _ranking = new(new Candidates(LabelSet.Of([new LabelClass { Name = "zero" }, new LabelClass { Name = "one" }]), new Dictionary<string, IReadOnlyList<string>>(), lexicon: false));

    [Fact]
    public void What_holds_on_all_pictures_gains_on_those_that_are_left_out()
    {
        Try("good", 0, 0.1, 0.1, 0.1, 0.1, 0.1);

        var (finding, onOthers) = Assert.Single(_ranking.Best());

        Assert.Equal("good", finding.Name);
        Assert.Equal((0.1, Folds, Folds), (Math.Round(onOthers!.Gain, 6), onOthers.Folds, onOthers.Better));
    }

    [Fact]
    public void Of_names_that_are_fitted_to_some_pictures_the_best_gains_nothing_on_others_and_that_is_told()
    {
        Try("here", 0, 0.3, 0.3, 0.3, -0.1, -0.1);
        Try("there", 1, -0.1, -0.1, 0.2, 0.3, 0.3);

        var best = _ranking.Best();

        Assert.Equal(["here", "there"], best.Select(item => item.Finding.Name));
        Assert.True(best[0].Finding.Gain!.OnFolds.Of.Average() > 0.1);
        // Without one of the first two folds "there" is chosen, without one of the last two "here", and without the middle one neither: all that they were chosen by they do not keep.
        Assert.Equal(4 * -0.1 / Folds, best[0].OnOthers!.Gain, 6);
        Assert.Equal(0, best[0].OnOthers!.Better);
    }

    [Fact]
    public void Of_others_than_the_first_the_choice_is_within_their_class()
    {
        Try("best", 0, 0.3, 0.3, 0.3, 0.3, 0.3);
        Try("one", 1, 0.1, 0.1, 0.1, 0.1, 0.1);

        var best = _ranking.Best();

        Assert.Equal(["best", "one"], best.Select(item => item.Finding.Name));
        Assert.Equal([0.3, 0.1], best.Select(item => Math.Round(item.OnOthers!.Gain, 6)));
    }

    [Fact]
    public void What_would_be_chosen_only_without_the_pictures_that_it_harms_is_not_suggested_and_counts_on_these()
    {
        Try("harmful", 0, 0.1, 0.1, 0.1, 0.1, -0.9);

        Assert.Empty(_ranking.Best());
        Try("good", 0, 0.05, 0.05, 0.05, 0.05, 0.05);

        var (finding, onOthers) = Assert.Single(_ranking.Best());

        Assert.Equal("good", finding.Name);
        Assert.Equal((4 * 0.05 - 0.9) / Folds, onOthers!.Gain, 6);
    }

    [Fact]
    public void Names_that_gain_by_chance_gain_nothing_on_left_out_pictures_on_average()
    {
        var random = new Random(5);
        var (seen, unseen) = (new List<double>(), new List<double>());
        for (var round = 0; round < 40; round++)
        {
            var ranking = new RankingTests();
            for (var i = 0; i < 200; i++)
                ranking.Try($"{i}", 0, [.. Enumerable.Range(0, Folds).Select(_ => random.NextDouble() - 0.5)]);
            var (finding, onOthers) = ranking._ranking.Best()[0];
            seen.Add(finding.Gain!.OnFolds.Of.Average()!.Value);
            unseen.Add(onOthers!.Gain);
        }

        Assert.True(seen.Average() > 0.2);
        Assert.InRange(unseen.Average(), -0.1, 0.1);
    }

    /// <summary>Tries a name that gains so much on each fold; they count alike.</summary>
    private void Try(string name, int label, params double[] gains)
    {
        var rest = from left in Enumerable.Range(0, Folds) from other in Enumerable.Range(0, Folds) select (double?)gains.Where((_, fold) => fold != left && fold != other).Average();
        var gain = new Gain(0, 0, gains.Average(), IsShown: true, new FoldScores(gains.Average(), [.. gains.Select(value => (double?)value)], [.. rest]), 0, 0);
        _ranking.Add(new Finding(ChangeKind.Add, label, name, null, [0, 0]), gain);
    }
}
