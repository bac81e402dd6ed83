using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Gallery;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Gallery;

/// <summary>The index of a job's images: the same answers as a look at all of them, whatever became of the job and of the index.</summary>
public sealed class JobIndexTests
{
    private static readonly string[] Classes = ["grass", "it's a \"sky\"", "rare"];
    private static readonly GalleryQuery ByName = new() { Order = ImageOrder.Name, Limit = 500 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_filter_in_every_order_is_answered_as_by_a_look_at_all_images()
    {
        using var job = new IndexedJob(Classes);
        var random = new Random(7);
        var shards = Enumerable.Range(0, 9).Select(shard => (Shard: shard, Results: WrittenImages.Shard(random, shard, shard == 8 ? 70 : 40, Classes))).ToArray();
        foreach (var (shard, results) in shards)
            if (shard % 3 == 1)
                await job.Jobs.WriteDraftAsync(IndexedJob.Id, shard, new ShardDraft(), results, etag: null, Token);
            else
                await job.Jobs.CommitResultAsync(IndexedJob.Id, shard, results, Token);
        var marks = new Dictionary<string, (ReviewDecision Decision, bool IsCorrected)>();
        foreach (var (shard, results) in shards)
            for (var line = 0; line < results.Length; line += 1 + random.Next(3))
            {
                var (decision, isCorrected) = ((ReviewDecision)random.Next(4), random.Next(5) == 0 && results[line].Status == ImageStatus.Ok);
                // What is corrected after a decision is open again.
                if (isCorrected)
                    await job.CorrectAsync(shard, results[line].Image);
                await job.ReviewAsync(shard, results[line].Image, decision);
                marks[results[line].Image] = (decision, isCorrected);
            }
        var scanned = new ScannedImages(shards, image => marks.GetValueOrDefault(image));
        var whole = shards[0].Results.First(result => result.Error?.Contains("no picture", StringComparison.Ordinal) == true).Error;
        Assert.Equal(390, (await job.FindAsync(ByName)).Indexed);
        var asked = 0;
        foreach (var name in (string?[])[null, .. Classes])
            foreach (var status in (ImageStatus?[])[null, ImageStatus.Ok, ImageStatus.Failed])
                foreach (var error in (string?[])[null, WrittenImages.NamingError, WrittenImages.PlainError, whole, "other words"])
                    foreach (var search in (string?[])[null, "%", "Upper", "\0ZERO", "set/", "nowhere"])
                        foreach (var review in (ReviewFilter?[])[null, .. Enum.GetValues<ReviewFilter>()])
                            foreach (var order in Enum.GetValues<ImageOrder>().Where(order => order != ImageOrder.Share || name is not null))
                            {
                                var query = new GalleryQuery { Class = name, Status = status, Error = error, Search = search, Review = review, Order = order, Limit = 500 };
                                var names = scanned.Names(query);
                                var page = job.Search(query)!;
                                Assert.Equal(names, page.Images.Select(image => image.Image));
                                Assert.Equal(names.Length, page.Total);
                                // Few wanted go another way than many.
                                var (limit, offset) = (1 + asked % 5, asked % 50);
                                Assert.Equal(names.Skip(offset).Take(limit), job.Search(query with { Limit = limit, Offset = offset })!.Images.Select(image => image.Image));
                                if (names.Length > 0)
                                {
                                    var place = asked % names.Length;
                                    var around = job.Search(query with { Limit = limit, At = names[place] })!;
                                    Assert.Equal((place / limit * limit, names.Length), (around.Offset, around.Total));
                                    Assert.Equal(names.Skip(place / limit * limit).Take(limit), around.Images.Select(image => image.Image));
                                }
                                // Also one that a review took out of the filter says where it goes on.
                                var before = scanned.Names(query with { Review = null });
                                if (before.Length > 0)
                                {
                                    var place = asked % before.Length;
                                    var rest = names.Length - before[place..].Intersect(names).Count();
                                    var onwards = job.Search(query with { Limit = limit, From = before[place] })!;
                                    Assert.Equal((rest, names.Length), (onwards.Offset, onwards.Total));
                                    Assert.Equal(names.Skip(rest).Take(limit), onwards.Images.Select(image => image.Image));
                                }
                                asked++;
                            }
        Assert.True(asked > 9_000);
    }

    [Fact]
    public async Task A_job_of_many_shards_is_answered_alike_while_its_orders_are_being_made()
    {
        using var job = new IndexedJob(Classes);
        for (var shard = 0; shard < 300; shard++)
            await job.Jobs.CommitResultAsync(IndexedJob.Id, shard, WrittenImages.Shard(new Random(shard), shard, 2, Classes), Token);
        var queries = Enum.GetValues<ImageOrder>().Select(order => new GalleryQuery { Class = "rare", Order = order }).Append(ByName).Append(new GalleryQuery { Order = ImageOrder.Doubt }).ToArray();
        await job.FindAsync(ByName);
        var pages = Names();
        using (var connection = new IndexFile(job.File, "").Open())
        {
            Assert.Equal(1, connection.Scalar<long>(IndexSchema.HasOrders));
            connection.Execute(IndexSchema.DropOrders);
        }
        Assert.Equal(pages, Names());
        await job.FindAsync(ByName);
        using (var connection = new IndexFile(job.File, "").Open())
            Assert.Equal(1, connection.Scalar<long>(IndexSchema.HasOrders));

        string[][] Names() => [.. queries.Select(query => job.Search(query)!.Images.Select(image => image.Image).ToArray())];
    }

    [Fact]
    public async Task Results_come_back_as_they_were_written_with_their_shard()
    {
        using var job = new IndexedJob(Classes);
        var results = WrittenImages.Shard(new Random(3), 12, 100, Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 12, results, Token);
        var page = await job.FindAsync(new GalleryQuery { Limit = 500 });
        Assert.Equal(results.Select(result => result.ToLine()), page.Images.Select(image => image.ToLine()));
        Assert.All(page.Images, image => Assert.Equal(12, image.Shard));
    }

    [Fact]
    public async Task An_image_that_the_question_does_not_ask_for_has_no_page()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), Image("b.png") with { Status = ImageStatus.Failed, Error = "broken", Pixels = null }], Token);
        await job.FindAsync(ByName);
        Assert.NotNull(job.Search(new GalleryQuery { At = "b.png" }));
        Assert.Null(job.Search(new GalleryQuery { At = "c.png" }));
        Assert.Null(job.Search(new GalleryQuery { From = "c.png" }));
        Assert.Null(job.Search(new GalleryQuery { From = "b.png", Class = "grass" }));
        Assert.Null(job.Search(new GalleryQuery { At = "b.png", Status = ImageStatus.Ok }));
        Assert.Null(job.Search(new GalleryQuery { At = "b.png", Class = "grass", Order = ImageOrder.Share }));
        Assert.Null(job.Search(new GalleryQuery { At = "a.png", Error = "broken" }));
        Assert.Null(job.Search(new GalleryQuery { At = "a.png", Search = "b" }));
    }

    [Fact]
    public async Task It_grows_with_the_job_and_a_draft_gives_way_to_the_results_of_its_shard()
    {
        using var job = new IndexedJob(Classes);
        Assert.Empty(await job.NamesAsync(ByName));
        var tag = await job.Jobs.WriteDraftAsync(IndexedJob.Id, 1, new ShardDraft(), [Image("1-a.png")], etag: null, Token);
        Assert.Equal(["1-a.png"], await job.NamesAsync(ByName));
        await job.Jobs.WriteDraftAsync(IndexedJob.Id, 1, new ShardDraft(), [Image("1-a.png"), Image("1-b.png")], tag, Token);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("0-a.png")], Token);
        Assert.Equal(["0-a.png", "1-a.png", "1-b.png"], await job.NamesAsync(ByName));
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 1, [Image("1-a.png"), Image("1-b.png"), Image("1-c.png")], Token);
        Assert.Equal(["0-a.png", "1-a.png", "1-b.png", "1-c.png"], await job.NamesAsync(ByName));
        Assert.Equal(4, (await job.FindAsync(new GalleryQuery { Class = "grass" })).Total);
    }

    [Fact]
    public async Task A_retry_takes_failures_out_and_the_new_results_in_also_of_a_complete_job()
    {
        using var job = new IndexedJob(Classes);
        var failed = Image("b.png") with { Status = ImageStatus.Failed, Error = "broken", Pixels = null };
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), failed], Token);
        await CompleteAsync(job);
        Assert.Equal(["b.png"], await job.NamesAsync(new GalleryQuery { Error = "broken" }));

        await job.Store.DeleteAsync(JobNames.Summary(IndexedJob.Id), Token);
        await job.Jobs.WriteDraftAsync(IndexedJob.Id, 0, new ShardDraft(), [Image("a.png")], etag: null, Token);
        await job.Store.DeleteAsync(JobNames.Result(IndexedJob.Id, 0), Token);
        Assert.Equal(["a.png"], await job.NamesAsync(ByName));
        Assert.Equal(0, (await job.FindAsync(new GalleryQuery { Error = "broken" })).Total);

        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), Image("b.png")], Token);
        await CompleteAsync(job);
        Assert.Equal(["a.png", "b.png"], await job.NamesAsync(new GalleryQuery { Status = ImageStatus.Ok }));
        Assert.Equal(0, (await job.FindAsync(new GalleryQuery { Status = ImageStatus.Failed })).Total);
    }

    [Fact]
    public async Task A_complete_job_is_not_read_again_by_a_new_process()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png")], Token);
        await CompleteAsync(job);
        Assert.Equal(["a.png"], await job.NamesAsync(ByName));
        // Nobody deletes results without the summary: here it shows that they are not looked at.
        await job.Store.DeleteAsync(JobNames.Result(IndexedJob.Id, 0), Token);
        job.Reopen();
        Assert.Equal(["a.png"], await job.NamesAsync(ByName));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("empty")]
    [InlineData("truncated")]
    [InlineData("version")]
    [InlineData("table")]
    [InlineData("blocks")]
    public async Task An_index_that_is_damaged_or_of_another_version_is_made_anew(string damage)
    {
        using var job = new IndexedJob(Classes);
        var results = WrittenImages.Shard(new Random(5), 0, 200, Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, results, Token);
        await CompleteAsync(job);
        var names = await job.NamesAsync(ByName);
        Assert.Equal(200, names.Length);
        Damage(job, damage);
        job.Reopen();
        Assert.Equal(names, await job.NamesAsync(ByName));
    }

    [Fact]
    public async Task An_index_that_is_damaged_while_it_is_in_use_is_made_anew()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, WrittenImages.Shard(new Random(5), 0, 200, Classes), Token);
        await CompleteAsync(job);
        var names = await job.NamesAsync(ByName);
        Damage(job, "blocks");
        Assert.Equal(names, await job.NamesAsync(ByName));
    }

    [Fact]
    public async Task Another_job_of_the_same_id_has_an_index_of_its_own()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png")], Token);
        await CompleteAsync(job);
        Assert.Equal(1, (await job.FindAsync(new GalleryQuery { Class = "grass" })).Total);
        job.Reopen(job.Job with { Labels = [new LabelClass { Name = "sky" }, new LabelClass { Name = "grass" }] });
        Assert.Equal(0, (await job.FindAsync(new GalleryQuery { Class = "sky" })).Total);
        Assert.Equal(1, (await job.FindAsync(new GalleryQuery { Class = "grass" })).Total);
    }

    [Fact]
    public async Task Two_dispatchers_with_an_index_each_agree()
    {
        using var job = new IndexedJob(Classes);
        using var other = job.Open("gallery-of-another");
        for (var shard = 0; shard < 4; shard++)
        {
            await job.Jobs.CommitResultAsync(IndexedJob.Id, shard, WrittenImages.Shard(new Random(shard), shard, 20, Classes), Token);
            var query = ByName with { Order = ImageOrder.Doubt };
            var theirs = await job.FindAsync(query, other);
            Assert.Equal(await job.NamesAsync(query), theirs.Images.Select(image => image.Image));
        }
    }

    [Fact]
    public async Task A_damaged_document_is_told_and_taken_in_once_it_is_mended()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png")], Token);
        await job.Store.WriteAsync(JobNames.Result(IndexedJob.Id, 1), "{\"image\": 1}\n"u8.ToArray(), WriteCondition.None, Token);
        var error = await Assert.ThrowsAsync<JobDocumentException>(() => job.FindAsync(ByName));
        Assert.Contains(JobNames.Result(IndexedJob.Id, 1), error.Message, StringComparison.Ordinal);
        await job.Store.WriteAsync(JobNames.Result(IndexedJob.Id, 1), System.Text.Encoding.UTF8.GetBytes(Image("b.png").ToLine()), WriteCondition.None, Token);
        Assert.Equal(["a.png", "b.png"], await job.NamesAsync(ByName));
    }

    [Fact]
    public async Task Who_leaves_is_not_answered_and_the_index_is_made_all_the_same()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png")], Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Index.FindAsync(ByName, new CancellationToken(canceled: true)));
        await job.Index.Rounds.WaitAsync(JobFixture.Patience, Token);
        Assert.Equal(["a.png"], job.Search(ByName)!.Images.Select(image => image.Image));
    }

    [Fact]
    public async Task Reviews_show_at_once_where_they_are_told_and_soon_where_they_are_not()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), Image("b.png"), Image("c.png")], Token);
        await CompleteAsync(job);
        var open = ByName with { Review = ReviewFilter.Open };
        Assert.Equal(["a.png", "b.png", "c.png"], await job.NamesAsync(open));
        await job.ReviewAsync(0, "a.png", ReviewDecision.Accepted);
        await job.Index.TakeMarksAsync([0], Token);
        Assert.Equal(["b.png", "c.png"], await job.NamesAsync(open));
        var accepted = Assert.Single((await job.FindAsync(ByName with { Review = ReviewFilter.Accepted })).Images);
        Assert.Equal(("a.png", ReviewDecision.Accepted, 1), (accepted.Image, accepted.Review!.Decision, accepted.Review.Revision));

        await job.ReviewAsync(0, "b.png", ReviewDecision.Flagged);
        await job.CorrectAsync(0, "c.png");
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (!(await job.NamesAsync(open)).SequenceEqual(["c.png"]))
            await Task.Delay(100, limit.Token);
        var corrected = Assert.Single((await job.FindAsync(ByName with { Review = ReviewFilter.Corrected })).Images);
        Assert.StartsWith("corrections/c.png", corrected.Corrected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_does_not_wait_for_another_that_writes_and_is_in_the_next_answer_after_that()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), Image("b.png")], Token);
        await CompleteAsync(job);
        Assert.Equal(["a.png", "b.png"], await job.NamesAsync(ByName));
        using (var connection = new IndexFile(job.File, "").Open())
        using (connection.BeginTransaction(deferred: false))
        {
            await job.ReviewAsync(0, "a.png", ReviewDecision.Accepted);
            await Task.Run(() => job.Index.TakeMarksAsync([0], Token), Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        Assert.Equal(["a.png"], await job.NamesAsync(ByName with { Review = ReviewFilter.Accepted }));
    }

    [Fact]
    public async Task Of_large_documents_no_more_are_in_memory_than_one_and_the_next()
    {
        using var job = new IndexedJob(Classes);
        const int Shards = 5;
        for (var shard = 0; shard < Shards; shard++)
            await job.Jobs.CommitResultAsync(IndexedJob.Id, shard, [Image($"{shard}.png") with { Status = ImageStatus.Failed, Pixels = null, Error = new string('x', 6 << 20) }], Token);
        var taken = new Dictionary<int, long>();
        job.Store.Before = name =>
        {
            if (!name.StartsWith(JobNames.Results(IndexedJob.Id), StringComparison.Ordinal) || JobNames.ShardOf(name) is not { } shard)
                return;
            using var connection = new IndexFile(job.File, "").Open();
            taken[shard] = connection.Scalar<long>("SELECT count(*) FROM shards");
        };
        Assert.Equal(Shards, (await job.NamesAsync(ByName)).Length);
        Assert.Equal(Shards, taken.Count);
        Assert.All(taken, item => Assert.True(item.Value >= item.Key - 1, $"Shard {item.Key} was read when {item.Value} were taken in."));
    }

    [Fact]
    public async Task An_image_that_was_labelled_anew_is_open_again_and_keeps_its_correction()
    {
        using var job = new IndexedJob(Classes);
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png"), Image("b.png")], Token);
        await job.CorrectAsync(0, "a.png");
        await job.ReviewAsync(0, "a.png", ReviewDecision.Accepted);
        await job.ReviewAsync(0, "b.png", ReviewDecision.Accepted);
        Assert.Equal(["a.png", "b.png"], await job.NamesAsync(ByName with { Review = ReviewFilter.Accepted }));
        await job.Store.DeleteAsync(JobNames.Result(IndexedJob.Id, 0), Token);
        Assert.Empty(await job.NamesAsync(ByName));
        await job.Jobs.CommitResultAsync(IndexedJob.Id, 0, [Image("a.png") with { Pixels = new Dictionary<string, long> { ["rare"] = 12 } }, Image("b.png")], Token);
        Assert.Equal(["b.png"], await job.NamesAsync(ByName with { Review = ReviewFilter.Accepted }));
        var open = Assert.Single((await job.FindAsync(ByName with { Review = ReviewFilter.Open })).Images);
        Assert.Equal(("a.png", true), (open.Image, open.Review!.Stale));
        Assert.Equal(["a.png"], await job.NamesAsync(ByName with { Review = ReviewFilter.Corrected, Class = "rare" }));
    }

    private static ImageResult Image(string name) => new()
    {
        Image = name,
        Status = ImageStatus.Ok,
        Mask = $"masks/{name}.png",
        Width = 4,
        Height = 3,
        MeanConfidence = 0.5,
        Doubt = 0.5,
        Pixels = new Dictionary<string, long> { ["grass"] = 12 },
    };

    private static async Task CompleteAsync(IndexedJob job) => Assert.True(await job.Jobs.CreateSummaryAsync(
        IndexedJob.Id,
        new JobSummary { Images = 1, Labelled = 1, Failed = 0, Windows = 0, Pixels = new Dictionary<string, long>(), Failures = new Dictionary<string, long>(), Created = job.Job.Created, Completed = DateTimeOffset.UtcNow },
        Token));

    private static void Damage(IndexedJob job, string damage)
    {
        if (damage is "version" or "table" or "blocks")
        {
            using var connection = new IndexFile(job.File, "").Open();
            connection.Execute(damage switch { "version" => "PRAGMA user_version = 99", "table" => "DROP TABLE images", _ => "UPDATE blocks SET results = x'0102'" });
            return;
        }
        job.Index.Dispose();
        var length = new FileInfo(job.File).Length;
        foreach (var end in (string[])["-wal", "-shm"])
            File.Delete(job.File + end);
        if (damage == "empty")
            File.WriteAllBytes(job.File, []);
        else if (damage == "truncated")
            using (var file = new FileStream(job.File, FileMode.Open))
                file.SetLength(length / 2 + 100);
        else
            File.WriteAllBytes(job.File, [.. Enumerable.Range(0, (int)length).Select(i => (byte)(i * 31))]);
    }
}
