using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Chaos.Tests;

/// <summary>Workers that end, in good order or not.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ProcessTests(Cluster cluster)
{
    private const int Workers = 3;

    [Fact]
    public async Task Workers_that_are_killed_again_and_again_lose_no_image()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync();
        for (var masks = 0; masks < 150; masks = await JobAssert.HasMasksAsync(cluster, job, masks + 25))
        {
            cluster.Workers.KillAny();
            cluster.Workers.Have(Workers);
        }
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task A_picture_that_kills_the_process_fails_and_the_rest_is_labelled()
    {
        // A death that made progress begins the count of deaths anew: without checkpoints none does, however slow the machine is.
        const double Never = 600;
        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers, checkpointSeconds: Never);
        await cluster.UploadAsync("poison/deadly.jpg", Pictures.File(0, Pictures.PoisonWidth, Pictures.PoisonHeight));
        string[] images = [.. Enumerable.Range(0, 20).Select(Pictures.NameOf), "poison/deadly.jpg", .. Enumerable.Range(20, 4).Select(i => $"q{Pictures.NameOf(i)}")];
        for (var i = 20; i < 24; i++)
            await cluster.UploadAsync($"q{Pictures.NameOf(i)}", Pictures.File(i));
        var job = await cluster.SubmitAsync(images: images, shardSize: images.Length);
        var deaths = 0;
        await Poll.UntilAsync(
            "the job is complete",
            async () =>
            {
                deaths += cluster.Workers.Revive(Workers, Never);
                return await cluster.Jobs.ReadSummaryAsync(job.Id, default) is not null;
            },
            () => JobAssert.ExplainAsync(cluster, job));
        cluster.Faults.Count("picture that kills", deaths);
        var results = await JobAssert.EndsWellAsync(cluster, job, images.Length, new Dictionary<string, string> { ["poison/deadly.jpg"] = FailureReasons.WorkerDied });
        // Two deaths until images are taken one by one; the next is the last.
        Assert.Equal(3, deaths);
        Assert.Contains("worker died", results.Single(result => result.Status == ImageStatus.Failed).Error);
        cluster.Workers.Have(0);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_saves_what_it_has_and_leaves_the_rest_to_others()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(1, delayMilliseconds: 100);
        var job = await cluster.SubmitAsync(shardSize: Pictures.Count / 2);
        await JobAssert.HasMasksAsync(cluster, job, 10);
        Assert.Equal(0, await cluster.Workers.TerminateFirstAsync());
        await OthersGoOnAsync(job, least: 10);
    }

    [Fact]
    public async Task A_worker_that_loses_its_device_ends_as_failed_and_others_finish_its_shard()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(1, lostAt: 6);
        var job = await cluster.SubmitAsync(shardSize: Pictures.Count);
        cluster.Faults.Count("device lost");
        Assert.Equal(1, await cluster.Workers.FirstEndsAsync());
        Assert.Single(cluster.Workers.Output.Split('\n'), line => line.Contains("error Sclip.Worker", StringComparison.Ordinal) && line.Contains("The device deadly is lost", StringComparison.Ordinal));
        await OthersGoOnAsync(job, least: 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_picture_whose_decoder_does_not_come_back_costs_itself_and_an_orderly_end_of_its_worker(int workers)
    {
        const string Endless = "endless/picture.jpg";
        cluster.Workers.Have(0);
        cluster.Workers.Have(workers);
        await cluster.UploadAsync(Endless, Pictures.File(0, Pictures.EndlessWidth, Pictures.EndlessHeight));
        string[] images = [.. Enumerable.Range(0, 25).Select(Pictures.NameOf), Endless, .. Enumerable.Range(25, 25).Select(Pictures.NameOf)];
        var job = await cluster.SubmitAsync(images: images, shardSize: 10);
        cluster.Faults.Count("decoder that does not come back");
        var (code, output) = await cluster.Workers.AnyEndsAsync();
        Assert.Equal(1, code);
        Assert.Single(output.Split('\n'), line => line.Contains("error Sclip.Worker", StringComparison.Ordinal) && line.Contains($"The decoder of {Endless} has not come back within 2 s", StringComparison.Ordinal));

        // Whoever runs it starts it anew.
        cluster.Workers.Have(workers);
        var results = await JobAssert.EndsWellAsync(cluster, job, images.Length, new Dictionary<string, string> { [Endless] = FailureReasons.TimedOut });
        Assert.StartsWith("timed out: ", results.Single(result => result.Status == ImageStatus.Failed).Error, StringComparison.Ordinal);
        // Its result was saved: no other worker met it.
        Assert.Equal(0, cluster.Workers.Revive(workers, checkpointSeconds: 0.2));
    }

    /// <summary>What the worker that is gone has done is saved, some but not all of it, and stays as it is while others do the rest.</summary>
    private async Task OthersGoOnAsync(JobDocument job, int least)
    {
        var before = await JobAssert.MaskTagsAsync(cluster, job);
        Assert.InRange(before.Count, least, Pictures.Count - least);
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), await DraftedAsync(job.Id));

        cluster.Workers.Have(Workers);
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
        var after = await JobAssert.MaskTagsAsync(cluster, job);
        Assert.All(before, mask => Assert.Equal(mask.Value, after[mask.Key]));
    }

    private async Task<IEnumerable<string>> DraftedAsync(string job)
    {
        var images = new List<string>();
        await foreach (var shard in cluster.Jobs.ListShardsAsync(JobNames.Drafts(job), default))
        {
            var draft = (await cluster.Jobs.ReadDraftAsync(job, shard, default))!.Value;
            Assert.Equal((null, 0), (draft.Head.Worker, draft.Head.Deaths));
            images.AddRange(draft.Results.Select(result => result.Image));
        }
        return images.Order(StringComparer.Ordinal);
    }
}
