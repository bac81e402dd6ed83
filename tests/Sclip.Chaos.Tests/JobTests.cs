using System.Buffers.Binary;
using System.IO.Hashing;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Chaos.Tests;

/// <summary>Jobs that are many, urgent, cancelled, or of bad images.</summary>
[Collection(nameof(ClusterTests))]
public sealed class JobTests(Cluster cluster)
{
    private const int Workers = 3;

    // What a picture takes where a job is to be met in work: the machine may be slow to look at it, but not so slow.
    private const int Unhurried = 400;

    [Fact]
    public async Task A_cancelled_job_leaves_no_message_and_a_retry_finishes_it()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers, delayMilliseconds: Unhurried);
        var job = await cluster.SubmitAsync();
        await JobAssert.HasMasksAsync(cluster, job, 20);
        await cluster.Control.CancelAsync(job, default);
        cluster.Faults.Count("job cancelled");
        await cluster.Queues.UntilEmptyAsync(() => JobAssert.ExplainAsync(cluster, job));
        // What the workers had in hand is finished; the shards behind it are left.
        var masks = await JobAssert.MaskTagsAsync(cluster, job);
        Assert.InRange(masks.Count, 20, Pictures.Count * 3 / 4);
        Assert.Null(await cluster.Jobs.ReadSummaryAsync(job.Id, default));

        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers);
        Assert.NotEqual(0, (await cluster.Control.RetryAsync(job, failed: false, default)).Shards);
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task A_job_is_cancelled_in_the_middle_of_a_long_shard()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(1, delayMilliseconds: Unhurried);
        var job = await cluster.SubmitAsync(shardSize: Pictures.Count);
        await JobAssert.HasMasksAsync(cluster, job, 5);
        await cluster.Control.CancelAsync(job, default);
        cluster.Faults.Count("job cancelled");
        await cluster.Queues.UntilEmptyAsync(() => JobAssert.ExplainAsync(cluster, job));
        Assert.InRange((await JobAssert.MaskTagsAsync(cluster, job)).Count, 5, Pictures.Count * 3 / 4);

        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers);
        await cluster.Control.RetryAsync(job, failed: false, default);
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task Twenty_jobs_at_once_all_end_well()
    {
        cluster.Workers.Have(Workers);
        var jobs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.SubmitAsync(images: [.. Enumerable.Range(10 * i, 10).Select(Pictures.NameOf)], shardSize: 4)));
        Assert.Equal(20, jobs.Select(job => job.Id).Distinct(StringComparer.Ordinal).Count());
        foreach (var job in jobs)
            await JobAssert.EndsWellAsync(cluster, job, 10);
    }

    [Fact]
    public async Task An_urgent_job_passes_a_bulk_one()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers, delayMilliseconds: 100);
        var bulk = await cluster.SubmitAsync();
        await JobAssert.HasMasksAsync(cluster, bulk, 10);
        var urgent = await cluster.SubmitAsync(images: [.. Enumerable.Range(0, 30).Select(Pictures.NameOf)], priority: 9);
        await JobAssert.EndsWellAsync(cluster, bulk, Pictures.Count);
        await JobAssert.EndsWellAsync(cluster, urgent, 30);
        var (urgentSummary, bulkSummary) = (await cluster.Jobs.ReadSummaryAsync(urgent.Id, default), await cluster.Jobs.ReadSummaryAsync(bulk.Id, default));
        Assert.True(urgentSummary!.Completed < bulkSummary!.Completed, $"The urgent job ended at {urgentSummary.Completed:O}, the bulk one at {bulkSummary.Completed:O}.");
        cluster.Workers.Have(0);
    }

    [Fact]
    public async Task While_an_urgent_shard_is_in_work_its_worker_takes_no_image_of_another()
    {
        const int Images = 100, BulkImages = 80;
        cluster.Workers.Have(0);
        cluster.Workers.Have(1, delayMilliseconds: 100);
        var bulk = await cluster.SubmitAsync(images: [.. Enumerable.Range(0, BulkImages).Select(Pictures.NameOf)], shardSize: BulkImages);
        await JobAssert.HasMasksAsync(cluster, bulk, 10);
        var urgent = await cluster.SubmitAsync(images: [.. Enumerable.Range(0, Images).Select(Pictures.NameOf)], shardSize: Images, priority: 9);
        await JobAssert.HasMasksAsync(cluster, urgent, 5);
        var before = await JobJudge.ListMasksAsync(cluster.Jobs, bulk.Id).CountAsync();
        // As long as some of them are to come; what was in the stages goes on, and as many would be even shares.
        var (meanwhile, labelled) = (before, 0);
        while (true)
        {
            var (ofBulk, ofUrgent) = (await JobJudge.ListMasksAsync(cluster.Jobs, bulk.Id).CountAsync(), await JobJudge.ListMasksAsync(cluster.Jobs, urgent.Id).CountAsync());
            if (ofUrgent == Images || await cluster.Jobs.ReadSummaryAsync(urgent.Id, default) is not null)
                break;
            (meanwhile, labelled) = (ofBulk, ofUrgent);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.InRange(labelled, Images / 2, Images);
        Assert.InRange(meanwhile - before, 0, Images / 5);
        await JobAssert.EndsWellAsync(cluster, urgent, Images);
        await JobAssert.EndsWellAsync(cluster, bulk, BulkImages);
        cluster.Workers.Have(0);
    }

    [Fact]
    public async Task Bad_images_fail_with_their_reasons_and_the_rest_is_labelled()
    {
        cluster.Workers.Have(Workers);
        var whole = Pictures.File(3);
        var bad = new Dictionary<string, (byte[]? File, string Reason)>
        {
            ["bad/truncated.jpg"] = (whole[..(whole.Length / 2)], FailureReasons.Damaged),
            ["bad/empty.jpg"] = ([], FailureReasons.Damaged),
            ["bad/huge.png"] = (PngHeader(60_000, 60_000), FailureReasons.Damaged),
            ["bad/text.jpg"] = ("no picture at all"u8.ToArray(), FailureReasons.Damaged),
            ["bad/gone.jpg"] = (null, FailureReasons.Missing),
            ["bad//empty-part.jpg"] = (null, FailureReasons.Name),
            ["../outside.jpg"] = (null, FailureReasons.Name),
            ["bad/../up.jpg"] = (null, FailureReasons.Name),
            ["bad/control\u0007.jpg"] = (null, FailureReasons.Name),
            ["bad/back\\slash.jpg"] = (null, FailureReasons.Name),
            [$"bad/{new string('x', 1000)}.jpg"] = (null, FailureReasons.Name),
        };
        string[] odd = ["odd/größe 名前 #1.jpg", "odd/%2e%2e%2fx.jpg", "odd/a&b=c+d;e?f.jpg"];
        foreach (var (name, (file, _)) in bad)
            if (file is not null)
                await cluster.UploadAsync(name, file);
        foreach (var name in odd)
            await cluster.UploadAsync(name, Pictures.File(0));
        cluster.Faults.Count("bad image", bad.Count);

        string[] images = [.. bad.Keys, .. odd, .. Enumerable.Range(0, 30).Select(Pictures.NameOf)];
        var job = await cluster.SubmitAsync(images: images, shardSize: 7);
        var results = await JobAssert.EndsWellAsync(cluster, job, images.Length, bad.ToDictionary(item => item.Key, item => item.Value.Reason));
        Assert.All(results.Where(result => result.Status == ImageStatus.Failed), result => Assert.False(string.IsNullOrWhiteSpace(result.Error)));
        var masks = await JobAssert.MasksAsync(cluster, job);
        Assert.All(odd, name => Assert.Equal(cluster.CalmMasks[Pictures.NameOf(0)], masks[name]));
        Assert.Empty(await cluster.Jobs.Store.ListAsync("", after: null, default).Where(blob => !blob.Name.StartsWith(JobNames.Root, StringComparison.Ordinal)).ToArrayAsync());
    }

    /// <summary>The beginning of a PNG: its size, and nothing of its pixels.</summary>
    private static byte[] PngHeader(uint width, uint height)
    {
        var header = new byte[33];
        byte[] start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
        start.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), height);
        (header[24], header[25]) = (8, 2);
        var check = Crc32.HashToUInt32(header.AsSpan(12, 17));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(29), check);
        return header;
    }
}
