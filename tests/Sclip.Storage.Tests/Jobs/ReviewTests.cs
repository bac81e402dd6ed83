using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Storage.Jobs;

namespace Sclip.Storage.Tests.Jobs;

/// <summary>Reviews and corrections of several people at once, alike in every kind of store.</summary>
public abstract class ReviewTests(IBlobAccount account) : StoreTests(account)
{
    private const string Id = "night";
    private static readonly Dictionary<string, long> Pixels = new() { ["grass"] = 12 };

    private static readonly JobDocument Job = new()
    {
        Id = Id,
        Created = DateTimeOffset.UnixEpoch,
        Input = new JobInput { Container = "nowhere" },
        Labels = [new LabelClass { Name = "grass" }],
        Model = "a/b",
        Settings = new(),
        ShardSize = 30,
    };

    private JobStores Stores => new("jobs", new JobBlobs(Store), _ => Store, job => new SubStore(Store, JobNames.Folder(job.Id)));

    private JobReviews Reviews => new(Stores.Jobs);

    private JobCorrections Corrections => new(Stores);

    [Fact]
    public async Task Many_reviewers_at_once_lose_no_decision()
    {
        const int Images = 24;
        await CommitAsync(0, Images);
        // Each image has a reviewer of its own, and all share the shard's document.
        var all = await Task.WhenAll(Enumerable.Range(0, Images).Select(i => Task.Run(() => Reviews.WriteAsync(Id, 0, Request($"reviewer {i}", ReviewDecision.Accepted, (i, 0)), Token), Token)));
        Assert.All(all, outcomes => Assert.True(Assert.Single(outcomes).Ok));
        var entries = await Reviews.ReadAsync(Id, 0, Token);
        Assert.Equal(Images, entries.Count);
        Assert.All(Enumerable.Range(0, Images), i => Assert.Equal($"reviewer {i}", entries[Name(i)].Reviewer));
        var summary = await new ReviewTally(Stores, Id).RefreshAsync(Token);
        Assert.Equal((Images, Images), (summary.Accepted, summary.ByReviewer.Count));
    }

    [Fact]
    public async Task Of_many_who_decide_on_one_image_at_once_one_wins_and_the_others_are_told()
    {
        await CommitAsync(0, 1);
        var all = (await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Reviews.WriteAsync(Id, 0, Request($"reviewer {i}", ReviewDecision.Rejected, (0, 0)), Token), Token)))).Select(Assert.Single).ToArray();
        var winner = Assert.Single(all, outcome => outcome.Ok);
        Assert.All(all.Where(outcome => !outcome.Ok), outcome =>
        {
            Assert.Equal(winner.Entry, outcome.Entry);
            Assert.Contains($"{winner.Entry!.Reviewer} decided on '{Name(0)}' meanwhile", outcome.Problem, StringComparison.Ordinal);
        });
        Assert.Equal(winner.Entry, (await Reviews.ReadAsync(Id, 0, Token))[Name(0)]);
    }

    [Fact]
    public async Task A_decision_is_changed_by_who_saw_it_and_one_whose_answer_was_lost_may_be_sent_again()
    {
        await CommitAsync(0, 1);
        Assert.True(Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Flagged, (0, 0)), Token)).Ok);
        var again = Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Flagged, (0, 0)), Token));
        Assert.Equal((true, 1), (again.Ok, again.Entry!.Revision));
        var changed = Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Bob", ReviewDecision.None, (0, 1)), Token));
        Assert.Equal((true, 2, ReviewDecision.None), (changed.Ok, changed.Entry!.Revision, changed.Entry.Decision));
        Assert.False(Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (0, 1)), Token)).Ok);
        Assert.False(Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (0, 7)), Token)).Ok);
    }

    [Fact]
    public async Task An_image_that_the_shard_has_no_result_of_is_refused_by_its_name_and_the_others_are_decided_on()
    {
        await CommitAsync(0, 2);
        var outcomes = await Reviews.WriteAsync(Id, 0, new ReviewRequest { Reviewer = "Ada", Decision = ReviewDecision.Accepted, Images = [Target(Name(1), 0), Target("elsewhere.png", 0)] }, Token);
        Assert.True(outcomes[0].Ok);
        Assert.Contains("'elsewhere.png'", outcomes[1].Problem, StringComparison.Ordinal);
        Assert.Equal([Name(1)], (await Reviews.ReadAsync(Id, 0, Token)).Keys);
        Assert.False(Assert.Single(await Reviews.WriteAsync(Id, 3, new ReviewRequest { Reviewer = "Ada", Decision = ReviewDecision.Accepted, Images = [new ReviewTarget { Image = Name(0), Shard = 3, Revision = 0 }] }, Token)).Ok);
        Assert.Equal(0, (await Reviews.ListAsync(Id, Token).SingleAsync(Token)).Shard);
    }

    [Fact]
    public async Task A_review_of_an_image_that_was_labelled_anew_is_stale_and_the_image_is_open_again()
    {
        await Stores.Jobs.CreatePlanAsync(Id, new JobPlan { Shards = 1, Images = 2 }, Token);
        await CommitAsync(0, 2, failed: 1);
        await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Rejected, (0, 0), (1, 0)), Token);
        var tally = new ReviewTally(Stores, Id);
        var before = await tally.RefreshAsync(Token);
        Assert.Equal((2, 0L, 0), (before.Rejected, before.Open, before.Stale));
        // The one that failed is labelled after all; the other one comes out as it was.
        await Store.DeleteAsync(JobNames.Result(Id, 0), Token);
        await CommitAsync(0, 2);
        var after = await tally.RefreshAsync(Token);
        Assert.Equal((1, 1L, 1), (after.Rejected, after.Open, after.Stale));
        var images = await new ReviewedImages(Stores).ReadAsync(Id, Token).ToArrayAsync(Token);
        Assert.Equal([(Name(0), false, ReviewDecision.Rejected), (Name(1), true, ReviewDecision.None)], images.Select(image => (image.Image, image.Stale, image.Current)));
        // It is decided on again by who names the revision that is there.
        Assert.True(Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (1, 1)), Token)).Ok);
        Assert.Equal((1L, 1L, 0L), await tally.RefreshAsync(Token) is var last ? (last.Rejected, last.Accepted, last.Stale) : default);
    }

    [Fact]
    public async Task Corrections_at_once_are_all_kept_and_never_take_the_place_of_another_mask()
    {
        const int Images = 12;
        await CommitAsync(0, Images);
        var made = await Task.WhenAll(Enumerable.Range(0, Images).Select(i => Task.Run(() => CorrectAsync(i, (byte)i, WriteCondition.Missing), Token)));
        var there = await Corrections.ReadAsync(Id, 0, Token);
        Assert.Equal(Images, there.Count);
        for (var i = 0; i < Images; i++)
            Assert.Equal([(byte)i], (await Stores.Outputs(Job).ReadAsync(there[Name(i)].Mask, 10, Token)).Bytes);
        // Another one takes its place only where its tag is named; the first mask stays in the store.
        Assert.Null(await CorrectAsync(0, 99, WriteCondition.Missing));
        Assert.Null(await CorrectAsync(0, 99, WriteCondition.Matches(made[1]!.Sha256)));
        Assert.NotNull(await CorrectAsync(0, 99, WriteCondition.Matches(made[0]!.Sha256)));
        Assert.Equal([0], (await Stores.Outputs(Job).ReadAsync(made[0]!.Mask, 10, Token)).Bytes);
        Assert.Equal(Images, (await new ReviewTally(Stores, Id).RefreshAsync(Token)).Corrected);
        // The same once more is the same.
        Assert.Equal((await Corrections.ReadAsync(Id, 0, Token))[Name(0)].At, (await CorrectAsync(0, 99, WriteCondition.Missing))!.At);
    }

    [Fact]
    public async Task A_decision_holds_only_of_the_mask_that_it_was_made_on()
    {
        await CommitAsync(0, 1);
        await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (0, 0)), Token);
        var correction = await CorrectAsync(0, 1, WriteCondition.Missing);
        Assert.Equal((true, ReviewDecision.None), await ImageAsync() is var corrected ? (corrected.Stale, corrected.Current) : default);
        Assert.True(Assert.Single(await Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (0, 1)), Token)).Ok);
        Assert.False((await ImageAsync()).Stale);
        // Another one, and back: what was decided on is there again.
        await CorrectAsync(0, 2, WriteCondition.None);
        Assert.True((await ImageAsync()).Stale);
        await CorrectAsync(0, 1, WriteCondition.None);
        Assert.False((await ImageAsync()).Stale);
        Assert.True(await Corrections.WithdrawAsync(Id, 0, Name(0), correction!.Sha256, Token));
        Assert.True((await ImageAsync()).Stale);
        Assert.Equal((0L, 1L, 0L), await new ReviewTally(Stores, Id).RefreshAsync(Token) is var tally ? (tally.Accepted, tally.Stale, tally.Corrected) : default);
    }

    [Fact]
    public async Task A_correction_of_an_image_that_was_labelled_anew_is_stale_and_one_of_another_picture_does_not_count()
    {
        await CommitAsync(0, 1);
        var made = await CorrectAsync(0, 1, WriteCondition.Missing);
        Assert.Equal((false, false, true), await StateAsync());
        await AnewAsync(Result(0) with { Timings = new ImageTimings(1, 2, 3, 4, 5) });
        Assert.Equal((false, false, true), await StateAsync());
        await AnewAsync(Result(0) with { Pixels = new Dictionary<string, long> { ["grass"] = 5, ["sky"] = 7 } });
        Assert.Equal((true, false, true), await StateAsync());
        Assert.Equal((1L, 1L, 0L), await CountsAsync());
        // The same mask once more says that it is right of this one, too.
        Assert.NotNull(await Corrections.WriteAsync(Job, 0, [new CorrectedMask((await Stores.Jobs.ReadResultAsync(Id, 0, Token))![0], new byte[] { 1 }, Pixels, WriteCondition.Matches(made!.Sha256))], "Bob", Token) is [{ } again] ? again : null);
        Assert.Equal((false, false, true), await StateAsync());
        foreach (var other in (ImageResult[])[Result(0) with { Width = 5 }, Result(0) with { InputBytes = 77 }, new ImageResult { Image = Name(0), Status = ImageStatus.Failed, Error = "no picture" }])
        {
            await AnewAsync(other);
            Assert.Equal((true, true, false), await StateAsync());
            Assert.Equal((0L, 0L, 1L), await CountsAsync());
        }

        async Task<(bool Stale, bool Unused, bool Counts)> StateAsync() => await ImageAsync() is var image ? (image.CorrectedStale, image.CorrectedUnused, image.Counting is not null) : default;
        async Task<(long Corrected, long Stale, long Unused)> CountsAsync() => await new ReviewTally(Stores, Id).RefreshAsync(Token) is var tally ? (tally.Corrected, tally.CorrectedStale, tally.CorrectedUnused) : default;
    }

    [Fact]
    public async Task Of_many_who_correct_and_take_back_at_once_none_undoes_what_it_did_not_see()
    {
        await CommitAsync(0, 1);
        var first = (await CorrectAsync(0, 1, WriteCondition.Missing))!;
        var writes = Enumerable.Range(2, 8).Select(i => Task.Run(async () => await CorrectAsync(0, (byte)i, WriteCondition.Matches(first.Sha256)) is not null, Token));
        var withdrawals = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Corrections.WithdrawAsync(Id, 0, Name(0), first.Sha256, Token), Token));
        Assert.Single(await Task.WhenAll(writes.Concat(withdrawals)), done => done);
        Assert.NotEqual(first.Sha256, (await Corrections.ReadAsync(Id, 0, Token)).GetValueOrDefault(Name(0))?.Sha256);
    }

    [Fact]
    public async Task Documents_that_earlier_versions_wrote_are_read()
    {
        await CommitAsync(0, 2);
        await Write(JobNames.Correction(Id, 0), """{"version":1,"images":{"a/00.png":{"mask":"corrections/a/00.png.1.png","sha256":"1","at":"2026-01-02T00:00:00Z","by":"Ada"},"a/01.png":{"mask":"corrections/a/01.png.1.png","sha256":"2","at":"2026-01-04T00:00:00Z","by":"Ada"}}}""");
        var digest = Result(0).Digest();
        await Write(JobNames.Review(Id, 0), $$$"""{"version":1,"images":{"a/00.png":{"decision":"accepted","reviewer":"Ada","at":"2026-01-03T00:00:00Z","revision":1,"result":"{{{digest}}}"},"a/01.png":{"decision":"accepted","reviewer":"Ada","at":"2026-01-03T00:00:00Z","revision":1,"result":"{{{digest}}}"} } }""");
        // The one that was corrected after it was accepted is open again.
        Assert.Equal([(false, true), (true, true)], (await new ReviewedImages(Stores).ReadAsync(Id, Token).ToArrayAsync(Token)).Select(image => (image.Stale, image.Counting is not null)));
    }

    [Fact]
    public async Task A_document_that_is_damaged_or_of_a_later_version_is_told_of_and_not_written_over()
    {
        await CommitAsync(0, 1);
        foreach (var (text, reason) in ((string, string)[])[("{", "not valid"), ("""{"version": 2, "images": {}}""", "version 2")])
            await DamagedAsync(text, reason);

        async Task DamagedAsync(string text, string reason)
        {
            await Write(JobNames.Review(Id, 0), text);
            var error = await Assert.ThrowsAsync<JobDocumentException>(() => Reviews.WriteAsync(Id, 0, Request("Ada", ReviewDecision.Accepted, (0, 0)), Token));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Equal(text, await Read(JobNames.Review(Id, 0)));
        }
    }

    private static string Name(int image) => $"a/{image:00}.png";

    private static ReviewTarget Target(string image, int revision) => new() { Image = image, Shard = 0, Revision = revision };

    private static ReviewRequest Request(string reviewer, ReviewDecision decision, params (int Image, int Revision)[] images) =>
        new() { Reviewer = reviewer, Decision = decision, Images = [.. images.Select(item => Target(Name(item.Image), item.Revision))] };

    private async Task<Correction?> CorrectAsync(int image, byte content, WriteCondition condition) =>
        Assert.Single(await Corrections.WriteAsync(Job, 0, [new CorrectedMask(Result(image), new[] { content }, Pixels, condition)], "Ada", Token));

    private async Task<ReviewedImage> ImageAsync() => Assert.Single(await new ReviewedImages(Stores).ReadAsync(Id, Token).ToArrayAsync(Token));

    private async Task AnewAsync(ImageResult result)
    {
        await Store.DeleteAsync(JobNames.Result(Id, 0), Token);
        await Stores.Jobs.CommitResultAsync(Id, 0, [result], Token);
    }

    private Task CommitAsync(int shard, int images, int failed = -1) => Stores.Jobs.CommitResultAsync(Id, shard, Enumerable.Range(0, images).Select(i => i == failed
        ? new ImageResult { Image = Name(i), Status = ImageStatus.Failed, Error = "no picture" }
        : Result(i)), Token);

    private static ImageResult Result(int image) => new() { Image = Name(image), Status = ImageStatus.Ok, Mask = $"masks/{Name(image)}.png", Width = 4, Height = 3, Pixels = Pixels };
}

public sealed class FileReviewTests(StoreFolder folder) : ReviewTests(folder.Account), IClassFixture<StoreFolder>;

public sealed class AzureReviewTests(AzuriteFixture azurite) : ReviewTests(new AzureBlobAccount(azurite.Server.ConnectionString));
