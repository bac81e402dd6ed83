using Sclip.Evaluation.Metrics;

namespace Sclip.Evaluation.Tests.Metrics;

public class NoticeTests
{
    private static readonly ushort[] Three = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];

    [Fact]
    public async Task Good_masks_give_none()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 1, 1, 1, 1, 2, 2, 2, 0], Three);
        Assert.Empty((await data.Run(MaskFolders.Classes("a", "b", "c"))).Notices);
        Assert.Empty((await data.Run(new EvaluationSettings())).Notices);
    }

    [Fact]
    public async Task A_target_of_255_is_noticed_and_counts_once_it_is_mapped()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 0, 1], [0, 0, 255, 255]);
        var settings = MaskFolders.Classes("other", "target");
        var result = await data.Run(settings);
        Assert.Equal((1.0, 2, 0.5), (result.Areas.OverallAccuracy, result.Areas.Ignored, result.Areas.IgnoredShare));
        Assert.Contains(result.Notices, notice => notice.StartsWith("The ground truth has two values, 0 and 255, and 255 does not count: 50.00 % of the pixels are left out. Where 255 is a class, give --ids 255=1,", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.StartsWith("1 of 2 classes has no ground truth: target.", StringComparison.Ordinal));

        result = await data.Run(settings with { TruthIds = new Dictionary<int, int> { [255] = 1 } });
        Assert.Equal((0.75, 0), (result.Areas.OverallAccuracy, result.Areas.Ignored));
        Assert.Empty(result.Notices);
    }

    [Fact]
    public async Task Two_of_several_classes_that_are_exchanged_are_named_and_the_ids_that_are_proposed_mend_it()
    {
        // c and d are right and many; a and b are each other.
        using var data = new MaskFolders().Add("a", [1, 1, 1, 0, 0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
        var settings = MaskFolders.Classes("a", "b", "c", "d");
        Assert.Equal(
            "a, b seem to be called by each other's names: 83.33 % of their pixels are right where what the ground truth calls so is read otherwise (a is b, b is a), 16.67 % as it is. Give --labels in the order of the masks' ids, or --ids 0=1,1=0.",
            Assert.Single((await data.Run(settings)).Notices));
        var mended = await data.Run(settings with { TruthIds = new Dictionary<int, int> { [0] = 1, [1] = 0 } });
        Assert.Empty(mended.Notices);
        Assert.Equal(16.0 / 18, mended.Areas.OverallAccuracy, 1e-9);
    }

    [Fact]
    public async Task Of_more_than_two_classes_none_is_named_for_a_target_of_255()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 0, 1], [0, 0, 255, 255]);
        Assert.Contains((await data.Run(MaskFolders.Classes("a", "b", "c"))).Notices, notice => notice.Contains("give --ids 255=CLASS, or", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Values_that_are_nowhere_are_noticed()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 1, 1]);
        var settings = MaskFolders.Classes("a", "b") with
        {
            Ignore = 7,
            TruthIds = new Dictionary<int, int> { [254] = 1, [0] = 0 },
            PredictionIds = new Dictionary<int, int> { [9] = 0, [8] = 1 },
        };
        Assert.Equal(
        [
            "No pixel of the ground truth is 7, so that --ignore 7 leaves nothing out. See which value is meant.",
            "No pixel of the ground truth is 254, which --ids reads as another. See which value is meant.",
            "No pixel of the predictions is 8, 9, which --prediction-ids reads as others. See which values are meant.",
        ], (await data.Run(settings)).Notices);
    }

    [Theory]
    [InlineData(false, "give --ignore none.")]
    [InlineData(true, "give --ids 255=1 --prediction-ids 255=1, or --ignore none")]
    public async Task A_target_of_255_on_both_sides_is_noticed_once_with_what_helps(bool named, string help)
    {
        using var data = new MaskFolders().Add("a", [0, 0, 255, 255], [0, 0, 255, 255]).Add("b", [0, 0, 0, 255], [0, 0, 255, 255]);
        var settings = named ? MaskFolders.Classes("other", "target") : new EvaluationSettings();
        var result = await data.Run(settings);
        Assert.Single(result.Notices, notice => notice.Contains("two values", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.Contains(help, StringComparison.Ordinal));
        var both = new Dictionary<int, int> { [255] = 1 };
        result = await data.Run(named ? settings with { TruthIds = both, PredictionIds = both } : settings with { Ignore = null });
        Assert.Equal((8, 7.0 / 8), (result.Areas.Pixels, result.Areas.OverallAccuracy));
        Assert.Empty(result.Notices);
    }

    [Fact]
    public async Task Predictions_of_255_alone_are_noticed()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 255, 255], [0, 0, 1, 1]);
        Assert.Contains("give --prediction-ids 255=1", Assert.Single((await data.Run(new EvaluationSettings())).Notices), StringComparison.Ordinal);
        var result = await data.Run(new EvaluationSettings { PredictionIds = new Dictionary<int, int> { [255] = 1 } });
        Assert.Equal(1, result.Areas.MeanIou);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task More_than_a_twentieth_that_does_not_count_is_noticed(int ignored, bool isNoticed)
    {
        using var data = new MaskFolders();
        ushort[] truth = [.. Enumerable.Range(0, 20).Select(i => (ushort)(i < ignored ? 255 : i % 2))];
        data.Add("a", [.. truth.Select((label, i) => (ushort)(i < 3 ? 0 : label))], truth);
        var result = await data.Run(MaskFolders.Classes("a", "b"));
        Assert.Equal(isNoticed, result.Notices.Any(notice => notice.StartsWith("10.00 % of the pixels do not count, 2 of 20: their ground truth is 255.", StringComparison.Ordinal)));
        Assert.Equal(isNoticed, result.Notices.Any());
    }

    [Fact]
    public async Task Classes_without_ground_truth_are_named_where_they_have_names()
    {
        using var data = new MaskFolders().Add("a", [0, 1, 1, 1], [0, 1, 0, 1]);
        var notice = Assert.Single((await data.Run(MaskFolders.Classes("a", "b", "c", "d", "e", "f", "g", "h"))).Notices);
        Assert.StartsWith("6 of 8 classes have no ground truth: c, d, e, f, g, …", notice, StringComparison.Ordinal);
        data.Add("a", [0, 1, 5, 1], [0, 1, 0, 1]);
        Assert.Empty((await data.Run(new EvaluationSettings())).Notices);
    }

    [Fact]
    public async Task Reduction_of_what_is_reduced_already_is_noticed()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 1, 1, 1, 1, 2, 2, 2, 0], Three);
        var result = await data.Run(MaskFolders.Classes("a", "b", "c") with { ReduceZeroLabel = true });
        Assert.Equal(0, result.Areas.OverallAccuracy);
        Assert.Contains(result.Notices, notice => notice.StartsWith("The ground truth seems to be reduced already", StringComparison.Ordinal) && notice.EndsWith("Leave out --reduce-zero-label.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ground_truth_that_begins_with_1_is_noticed()
    {
        using var data = new MaskFolders().Add("a", [0, 0, 1, 1, 1, 1, 2, 2, 2, 0], [.. Three.Select(label => (ushort)(label + 1))]);
        Assert.EndsWith("Give --reduce-zero-label.", Assert.Single((await data.Run(new EvaluationSettings())).Notices), StringComparison.Ordinal);
        Assert.Empty((await data.Run(new EvaluationSettings { ReduceZeroLabel = true })).Notices);
    }

    [Fact]
    public async Task Predictions_that_begin_with_1_are_noticed_and_the_ids_that_are_proposed_go_that_way()
    {
        using var data = new MaskFolders().Add("a", [1, 1, 2, 2, 2, 2, 3, 3, 3, 1], Three);
        var notice = Assert.Single((await data.Run(new EvaluationSettings())).Notices);
        Assert.StartsWith("The classes seem to be shifted by one", notice, StringComparison.Ordinal);
        Assert.EndsWith("such as --ids 0=1,1=2.", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_order_is_noticed_and_the_ids_that_are_proposed_mend_it()
    {
        using var data = new MaskFolders().Add("a", [2, 2, 0, 0, 0, 0, 1, 1, 1, 2], Three);
        var settings = MaskFolders.Classes("a", "b", "c");
        Assert.Contains("(a is c, b is a, c is b), 20.00 % as it is. Give --labels in the order of the masks' ids, or --ids 0=2,1=0,2=1.", Assert.Single((await data.Run(settings)).Notices), StringComparison.Ordinal);
        var result = await data.Run(settings with { TruthIds = new Dictionary<int, int> { [0] = 2, [1] = 0, [2] = 1 } });
        Assert.Equal(0.8, result.Areas.OverallAccuracy);
        Assert.Empty(result.Notices);
    }

    [Fact]
    public async Task Two_classes_the_wrong_way_round_are_in_another_order_and_not_shifted()
    {
        using var data = new MaskFolders().Add("a", [1, 1, 1, 0], [0, 0, 0, 1]);
        Assert.EndsWith("or --ids 0=1,1=0.", Assert.Single((await data.Run(MaskFolders.Classes("a", "b"))).Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weak_model_is_no_other_order()
    {
        using var data = new MaskFolders().Add("a", [1, 2, 0, 1, 2, 0, 2, 1, 0, 1], Three);
        Assert.Empty((await data.Run(MaskFolders.Classes("a", "b", "c"))).Notices);
    }

    [Fact]
    public async Task Predictions_of_one_class_are_noticed_where_the_ground_truth_has_more()
    {
        using var data = new MaskFolders().Add("a", [1, 1, 1, 1], [0, 0, 1, 1]);
        Assert.StartsWith("100.00 % of the pixels are predicted as b, which has 50.00 % of the ground truth.", Assert.Single((await data.Run(MaskFolders.Classes("a", "b"))).Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ground_truth_held_against_itself_is_noticed()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 1]);
        Assert.StartsWith("All 2 pixels that count are right", Assert.Single((await data.Run(MaskFolders.Classes("a", "b"))).Notices), StringComparison.Ordinal);
        Directory.Delete(data.Truth, recursive: true);
        Directory.CreateSymbolicLink(data.Truth, data.Predictions);
        Assert.StartsWith("Predictions and ground truth are the same files", Assert.Single((await data.Run(MaskFolders.Classes("a", "b"))).Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_counts_is_said_and_no_fault()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [255, 255]);
        Assert.StartsWith("100.00 % of the pixels do not count, 2 of 2", (await data.Run(MaskFolders.Classes("a", "b"))).Notices[0], StringComparison.Ordinal);
        Assert.StartsWith("100.00 % of the pixels do not count, 2 of 2", (await data.Run(new EvaluationSettings())).Notices[0], StringComparison.Ordinal);
    }
}
