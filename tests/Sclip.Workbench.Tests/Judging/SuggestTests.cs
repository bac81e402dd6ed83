using System.Text.Json;
using Sclip.Contracts;
using Sclip.Workbench.Http;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Tests.Judging;

public sealed class SuggestTests(JudgedScenes demo) : IClassFixture<JudgedScenes>
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Pool = new() { ["a vessel"] = ["a  boat", "wood", "the sun"], ["noise"] = ["grass"], ["nobody"] = ["a car"] };

    // The model knows boats, not vessels.
    private static IReadOnlyList<LabelClass> Vessels { get; } = [.. JudgedScenes.Labels.Select(item => item.Name == "a boat" ? item with { Name = "a vessel" } : item)];

    [Fact]
    public async Task A_wish_that_only_a_synonym_fulfils_is_held_by_what_is_suggested()
    {
        await using var begun = await JudgedScenes.BeginAsync(truth: null);
        var session = begun.Session;
        var wishes = Boats().Take(4).Select(wish => wish with { Class = "a vessel" }).ToArray();
        var (before, _) = await JudgeAsync(session, Vessels, wishes);

        var found = await SuggestAsync(session, new SuggestRequest { Labels = Vessels, Wishes = wishes, Pool = Pool });

        var best = found.Suggestions![0];
        Assert.Equal((ChangeKind.Add, "a vessel", "a boat", "add the synonym 'a boat' to a vessel"), (best.Change, best.Class, best.Name, best.Text));
        Assert.Equal((before, 4), (best.HeldBefore, best.Held));
        Assert.True(before < 4);
        Assert.Equal((null, null, null, null), (best.Miou, best.MiouBefore, best.CrossValidated, best.Folds));
        Assert.Equal((4, null), await JudgeAsync(session, best.Labels, wishes));
        // Wood and the sun are names already, and a car is for a class that there is none of.
        Assert.Equal(1, found.Tried);
    }

    [Fact]
    public async Task Ground_truth_alone_finds_a_synonym_and_mIoU_rises_by_it()
    {
        var found = await SuggestAsync(demo.Other, new SuggestRequest { Labels = JudgedScenes.Renamed, Pool = Pool });

        var best = found.Suggestions!.Single(item => item.Change == ChangeKind.Add);
        Assert.Equal("grass", best.Name);
        Assert.True(best.Miou > best.MiouBefore);
        Assert.True(best.CrossValidated > 0);
        Assert.Equal(5, best.Folds);
        Assert.InRange(best.FoldsBetter!.Value, 3, 5);
        var (_, before) = await JudgeAsync(demo.Other, JudgedScenes.Renamed, []);
        var (_, after) = await JudgeAsync(demo.Other, best.Labels, []);
        Assert.True(after > before);
        // A sample of the pixels tells it as all of them do.
        Assert.Equal(before!.Value, best.MiouBefore!.Value, 0.02);
        Assert.Equal(after!.Value, best.Miou!.Value, 0.02);
    }

    [Fact]
    public async Task A_synonym_that_does_harm_is_to_be_removed()
    {
        // Both are in most scenes.
        IReadOnlyList<LabelClass> labels = [.. JudgedScenes.Labels.Where(item => item.Name != "the sun").Select(item => item.Name == "a house" ? item with { Synonyms = ["the sun"] } : item)];

        var found = await SuggestAsync(demo.Session, new SuggestRequest { Labels = labels });

        var removal = Assert.Single(found.Suggestions!, item => item.Change == ChangeKind.Remove);
        Assert.Equal(("a house", "the sun", "remove the synonym 'the sun' from a house"), (removal.Class, removal.Name, removal.Text));
        Assert.Empty(removal.Labels.Single(item => item.Name == "a house").Synonyms);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0.2, true)]
    public async Task That_changes_are_tried_without_the_area_threshold_is_told_where_there_is_one(double? area, bool isTold)
    {
        IReadOnlyList<LabelClass> labels = [.. JudgedScenes.Labels.Select(item => item with { Background = item.Name == "sky" })];

        var found = await SuggestAsync(demo.Session, new SuggestRequest { Labels = labels, Settings = new LiveSettings { AreaThreshold = area } });

        Assert.Equal(isTold, found.Note?.Contains("without the area threshold", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task A_threshold_that_gives_the_background_what_has_no_name_is_found()
    {
        // Sky, sand and water have no names: what is unsure is the background.
        IReadOnlyList<LabelClass> labels = [.. JudgedScenes.Labels.Where(item => item.Name is not ("sand" or "water")).Select(item => item.Name == "sky" ? item with { Name = "zzz", Background = true } : item)];
        IReadOnlyList<LabelClass> truth = [.. JudgedScenes.Labels.Select(item => item with { Background = item.Name == "sky" })];
        await using var begun = await JudgedScenes.BeginAsync(new SessionTruth(JudgedScenes.Masks, truth, Void: null));
        var session = begun.Session;

        var found = await SuggestAsync(session, new SuggestRequest { Labels = labels });

        var best = Assert.Single(found.Suggestions!, item => item.Change == ChangeKind.Threshold);
        Assert.True(best.Value > 0);
        Assert.Equal(best.Value, best.Settings.ProbabilityThreshold);
        Assert.StartsWith("raise the probability threshold from 0 to 0.", best.Text, StringComparison.Ordinal);
        var before = await session.Judge.JudgeAsync(new JudgeRequest { Labels = labels, Settled = true }, default);
        var after = await session.Judge.JudgeAsync(new JudgeRequest { Labels = best.Labels, Settings = best.Settings, Settled = true }, default);
        Assert.True(after.Truth!.Miou > before.Truth!.Miou);
    }

    [Fact]
    public async Task The_benchmarks_names_are_tried_of_every_class_and_at_most_a_dozen_changes_are_suggested()
    {
        var lines = new List<SuggestLine>();
        var request = new SuggestRequest { Labels = JudgedScenes.Labels, Wishes = [.. Boats().Take(2).Select(wish => wish with { Class = "a fish" })], Lexicon = true };

        var found = await demo.Session.Judge.Suggest(request)(line =>
        {
            lines.Add(line);
            return Task.CompletedTask;
        }, default);

        var names = Lexicon.Names.Except(JudgedScenes.Labels.Select(item => item.Name), StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        Assert.Equal(names * JudgedScenes.Labels.Count, found.Tried);
        Assert.InRange(found.Suggestions!.Count, 1, 12);
        Assert.All(found.Suggestions!, item => Assert.True(item.Held > item.HeldBefore || item.Miou > item.MiouBefore));
        Assert.Equal(lines.Select(line => line.Progress).Order(), lines.Select(line => line.Progress));
        Assert.Equal((1.0, "trying names"), (lines[^1].Progress!.Value, lines[^1].Doing));
    }

    [Fact]
    public async Task Nothing_is_changed_by_what_is_suggested()
    {
        var request = new SuggestRequest { Labels = JudgedScenes.Renamed, Wishes = [.. Boats().Take(2)], Pool = Pool };
        var (view, judged) = (Shown(), await JudgeAsync(demo.Other, JudgedScenes.Renamed, request.Wishes));

        Assert.NotEmpty((await SuggestAsync(demo.Other, request)).Suggestions!);

        Assert.Equal(view, Shown());
        Assert.Equal(judged, await JudgeAsync(demo.Other, JudgedScenes.Renamed, request.Wishes));

        string Shown() => JsonSerializer.Serialize(SessionView.Of(demo.Other, withState: true) with { Lexicon = new LexiconView(0, 0) });
    }

    [Fact]
    public async Task A_search_ends_when_nobody_waits_for_it_any_more()
    {
        using var gone = new CancellationTokenSource();
        var told = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => demo.Other.Judge.Suggest(new SuggestRequest { Labels = JudgedScenes.Renamed, Lexicon = true })(_ =>
        {
            told++;
            gone.Cancel();
            return Task.CompletedTask;
        }, gone.Token));

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_later_search_takes_the_place_of_one_under_way()
    {
        var request = new SuggestRequest { Labels = JudgedScenes.Renamed, Pool = Pool };
        Task<SuggestLine>? second = null;

        var error = await Assert.ThrowsAsync<WorkbenchException>(() => demo.Other.Judge.Suggest(request)(_ =>
        {
            second ??= SuggestAsync(demo.Other, request);
            return Task.CompletedTask;
        }, default));

        Assert.Equal(409, error.Status);
        Assert.NotEmpty((await second!).Suggestions!);
    }

    [Fact]
    public async Task With_one_wish_and_no_ground_truth_nothing_is_sought()
    {
        await using var begun = await JudgedScenes.BeginAsync(truth: null);
        var session = begun.Session;

        var error = Assert.Throws<WorkbenchException>(() => session.Judge.Suggest(new SuggestRequest { Labels = Vessels, Wishes = [JudgedScenes.Click("a", 0, "sky", 1, 1), JudgedScenes.Click("b", JudgedScenes.Scenes, "sky", 1, 1)] }));

        Assert.Equal(400, error.Status);
        Assert.Contains("mark wishes first", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Clicks on boats that the model sees as such.</summary>
    private IEnumerable<Wish> Boats()
    {
        var boat = JudgedScenes.Labels.Index().Single(item => item.Item.Name == "a boat").Index;
        for (var scene = 0; scene < JudgedScenes.Scenes; scene++)
        {
            var (map, truth, width) = (demo.Map(scene, JudgedScenes.Labels, new LiveSettings()), demo.Session.Judge.Truth!.Find(demo.Session.Pictures[scene])!.Labels, demo.Session.Pictures[scene].Size.Width);
            foreach (var (i, label) in map.Index().Where(item => item.Item == boat && truth[item.Index] == boat && item.Index % 97 == 0))
                yield return JudgedScenes.Click($"{scene}-{i}", scene, JudgedScenes.Labels[label].Name, i % width, i / width);
        }
    }

    private static Task<SuggestLine> SuggestAsync(Session session, SuggestRequest request) => session.Judge.Suggest(request)(_ => Task.CompletedTask, default);

    private static async Task<(int Held, double? Miou)> JudgeAsync(Session session, IReadOnlyList<LabelClass> labels, IReadOnlyList<Wish> wishes)
    {
        var judged = await session.Judge.JudgeAsync(new JudgeRequest { Labels = labels, Wishes = wishes, Settled = true }, default);
        return (judged.Held, judged.Truth?.Miou);
    }
}
