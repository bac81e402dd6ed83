using Sclip.Contracts;
using Sclip.Evaluation.Predictions;
using Sclip.Labels;
using Sclip.Testing;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Tests.Judging;

public sealed class JudgeTests(JudgedScenes demo) : IClassFixture<JudgedScenes>
{
    private static IReadOnlyList<LabelClass> WithBackground { get; } = [.. JudgedScenes.Labels.Select(item => item with { Background = item.Name == "sky" })];

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(0.4, null, null)]
    [InlineData(0.4, null, 25.0)]
    [InlineData(0.3, 0.2, null)]
    public async Task A_pixel_is_judged_as_the_label_map_has_it(double probability, double? area, double? scale)
    {
        var settings = new LiveSettings { ProbabilityThreshold = probability, AreaThreshold = area, LogitScale = scale };
        var maps = Enumerable.Range(0, JudgedScenes.Scenes).Select(scene => demo.Map(scene, WithBackground, settings)).ToArray();
        var wishes = JudgedScenes.Clicks("grass");

        var judged = await demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = WithBackground, Settings = settings, Wishes = wishes, Settled = true }, default);

        var expected = wishes.Select(wish => WithBackground[maps[wish.Picture][wish.Y * demo.Session.Pictures[wish.Picture].Size.Width + wish.X]].Name).ToArray();
        Assert.True(expected.Distinct().Count() > 3);
        // Sums are in another order: a tie may end otherwise.
        Assert.InRange(judged.Wishes.Where((wish, i) => wish.Is != expected[i]).Count(), 0, 1);
        Assert.All(judged.Wishes, wish => Assert.Equal(wish.Is == "grass", wish.Held));
        Assert.Equal(judged.Wishes.Count(wish => wish.Held), judged.Held);
        Assert.Equal(wishes.Length - judged.Held, judged.Missed);
    }

    [Fact]
    public async Task A_rectangle_is_held_from_one_half_of_its_pixels_on()
    {
        var map = demo.Map(0, JudgedScenes.Labels, new LiveSettings());
        var (width, height) = demo.Session.Pictures[0].Size;
        var share = map.CountBy(label => label).MaxBy(count => count.Value);
        var wishes = JudgedScenes.Labels.Select(item => new Wish { Id = item.Name, Picture = 0, Class = item.Name, X = 0, Y = 0, Width = width, Height = height }).ToArray();

        var judged = await demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels, Wishes = wishes, Settled = true }, default);

        Assert.Equal(1, judged.Wishes.Sum(wish => wish.Share), 2);
        Assert.All(judged.Wishes, wish => Assert.Equal(wish.Share >= 0.5, wish.Held));
        Assert.All(judged.Wishes, wish => Assert.Equal(JudgedScenes.Labels[share.Key].Name, wish.Is));
        Assert.Equal((double)share.Value / map.Length, judged.Wishes[share.Key].Share, 0.1);
    }

    [Fact]
    public async Task A_wish_waits_where_its_picture_has_no_features_and_is_missed_where_its_class_is_gone()
    {
        var judged = await demo.Session.Judge.JudgeAsync(
            new JudgeRequest { Labels = JudgedScenes.Labels, Wishes = [JudgedScenes.Click("a", JudgedScenes.Scenes, "sky", 1, 1), JudgedScenes.Click("b", 0, "a zebra", 1, 1)] }, default);

        Assert.Equal(("b", false, 0.0), judged.Wishes.Select(wish => (wish.Id, wish.Held, wish.Share)).Single());
        Assert.Equal((0, 1, 1), (judged.Held, judged.Missed, judged.Waiting));
    }

    [Fact]
    public async Task A_wish_outside_its_picture_is_refused()
    {
        var error = await Assert.ThrowsAsync<WorkbenchException>(() => demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels, Wishes = [JudgedScenes.Click("far", 0, "sky", 256, 0)] }, default));

        Assert.Equal(400, error.Status);
        Assert.Contains("far at 256,0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ground_truth_is_matched_by_name_and_a_class_that_it_has_not_is_wrong()
    {
        IReadOnlyList<LabelClass> labels = [new() { Name = "a zebra" }, .. JudgedScenes.Labels.Where(item => item.Name != "water").Reverse()];
        var truth = demo.Session.Judge.Truth!;
        var (right, union) = (new long[JudgedScenes.Labels.Count], new long[JudgedScenes.Labels.Count]);
        for (var scene = 0; scene < JudgedScenes.Scenes; scene++)
        {
            var actual = truth.Find(demo.Session.Pictures[scene])!.Labels;
            foreach (var (i, label) in demo.Map(scene, labels, new LiveSettings()).Index())
            {
                var predicted = JudgedScenes.Labels.Index().Where(item => item.Item.Name == labels[label].Name).Select(item => item.Index).DefaultIfEmpty(-1).Single();
                union[actual[i]]++;
                if (predicted == actual[i])
                    right[predicted]++;
                else if (predicted >= 0)
                    union[predicted]++;
            }
        }

        var judged = (await demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = labels, Settled = true }, default)).Truth!;

        Assert.Equal(JudgedScenes.Scenes, judged.Pictures);
        Assert.Equal([.. JudgedScenes.Labels.Select(item => item.Name), "a zebra"], judged.Classes.Select(item => item.Name));
        Assert.Equal([.. right.Zip(union, (part, whole) => whole == 0 ? (double?)null : (double)part / whole), null], judged.Classes.Select(item => item.Iou));
        Assert.Equal(0, judged.Classes.Single(item => item.Name == "water").Iou);
        Assert.Equal(judged.Classes.Average(item => item.Iou), judged.Miou);
    }

    [Fact]
    public async Task Ground_truth_that_cannot_be_read_is_left_out_and_told()
    {
        using var folder = new TemporaryFolder();
        folder.Truth("scene-1.png", [0, 1, 255, 12], 2, 2);
        folder.Truth("scene-2.png", [0, 1, 200, 12], 2, 2);
        await using var begun = await JudgedScenes.BeginAsync(new SessionTruth(new MaskFolder(folder.Path), JudgedScenes.Labels, Void: 255), scenes: 3);
        var session = begun.Session;

        var judged = (await session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels }, default)).Truth!;

        Assert.Equal(1, judged.Pictures);
        Assert.Contains("scene-2.png: pixel (0, 1) holds 200", judged.Error, StringComparison.Ordinal);
        Assert.Equal(JudgedScenes.Labels[1].Name, session.Judge.TruthAt(session.Pictures[0], 255, 0));
        Assert.Null(session.Judge.TruthAt(session.Pictures[0], 0, 191));
        Assert.Null(session.Judge.TruthAt(session.Pictures[2], 0, 0));
    }

    [Fact]
    public async Task Large_ground_truth_is_sampled_and_judged_in_that_size()
    {
        using var folder = new TemporaryFolder();
        // Four quarters, of 1.2 megapixels, and the same of a few.
        var (width, height) = (1200, 1000);
        folder.Truth("scene-1.png", [.. Enumerable.Range(0, width * height).Select(i => (ushort)(2 * (i / width * 2 / height) + i % width * 2 / width))], width, height);
        folder.Truth("scene-2.png", [0, 1, 2, 3], 2, 2);
        await using var begun = await JudgedScenes.BeginAsync(new SessionTruth(new MaskFolder(folder.Path), JudgedScenes.Labels, Void: null), scenes: 2);
        var session = begun.Session;

        var judged = (await session.Judge.JudgeAsync(new JudgeRequest { Labels = WithBackground, Settings = new LiveSettings { AreaThreshold = 0.2 }, Wishes = [JudgedScenes.Click("a", 0, "sky", 255, 191)] }, default)).Truth!;

        Assert.Equal(2, judged.Pictures);
        var map = session.Judge.Truth!.Find(session.Pictures[0])!;
        Assert.Equal((600, 500), (map.Width, map.Height));
        Assert.Equal(Enumerable.Repeat(map.Labels.Length / 4, 4), map.Labels.CountBy(label => label).Select(count => count.Value));
        foreach (var (x, y) in (IEnumerable<(int, int)>)[(0, 0), (127, 95), (128, 95), (255, 0), (0, 191), (127, 96), (128, 96), (255, 191)])
            Assert.Equal(session.Judge.TruthAt(session.Pictures[1], x, y), session.Judge.TruthAt(session.Pictures[0], x, y));
    }

    [Theory]
    [InlineData(500, 375, 500, 375)]
    [InlineData(1000, 1000, 1000, 1000)]
    [InlineData(6000, 4000, 1200, 800)]
    [InlineData(1001, 1000, 500, 500)]
    public void What_is_judged_has_a_megapixel_at_most(int width, int height, int judgedWidth, int judgedHeight) => Assert.Equal((judgedWidth, judgedHeight), JudgedSize.Of((width, height)));

    [Fact]
    public async Task Without_ground_truth_wishes_alone_are_judged()
    {
        await using var begun = await JudgedScenes.BeginAsync(truth: null, scenes: 1);
        var session = begun.Session;

        var judged = await session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels, Wishes = [JudgedScenes.Click("a", 0, "sky", 1, 1)] }, default);

        Assert.Null(judged.Truth);
        Assert.Single(judged.Wishes);
    }

    [Fact]
    public async Task A_later_judging_takes_the_place_of_one_under_way()
    {
        var held = new TaskCompletionSource();
        var turn = demo.Engine.RunAsync(_ => held.Task.Wait(TimeSpan.FromMinutes(5)), default);
        var first = demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels }, default);
        var second = demo.Session.Judge.JudgeAsync(new JudgeRequest { Labels = JudgedScenes.Labels }, default);
        held.SetResult();

        Assert.True(await turn);
        Assert.Equal(409, (await Assert.ThrowsAsync<WorkbenchException>(() => first)).Status);
        Assert.NotNull((await second).Truth);
    }

    [Fact]
    public void One_background_is_the_other_whatever_they_are_called()
    {
        var match = new ClassMatch(LabelSet.Of([new LabelClass { Name = "dog" }, new LabelClass { Name = "the rest", Background = true }]), [new LabelClass { Name = "background" }, new LabelClass { Name = "Dog" }]);

        Assert.Equal([1, 0], match.OfTyped);
        Assert.Equal(["the rest", "dog"], match.Names);
    }
}
