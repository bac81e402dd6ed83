using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Worker.Shards;
using Sclip.Worker.Tests.Shards;

namespace Sclip.Worker.Tests.Features;

public sealed class FeatureShardTests(KeptFeaturesTests.Fixture fixture) : IClassFixture<KeptFeaturesTests.Fixture>, IDisposable
{
    private readonly ShardFixture _shard = new(images: 12) { Engine = () => fixture.Engine };

    public void Dispose() => _shard.Dispose();

    [Fact]
    public async Task A_job_of_another_jobs_features_labels_them_and_reads_no_image()
    {
        await KeepAsync("fp16");
        var kept = await _shard.Jobs.ReadResultAsync("job", 0, default);
        Assert.All(kept!, result => Assert.Equal(OutputNames.Features(result.Image), result.Features));
        Assert.Equal((12, 12), (_shard.Images.Reads, FilesOf("job", "features").Count));

        await BeginAsync("again", of: "job");
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("b"));
        Assert.Equal((12, 12), (_shard.Images.Reads, _shard.FeatureStore!.Reads));
        var results = await _shard.Jobs.ReadResultAsync("again", 0, default);
        Assert.Equal(_shard.References.Select(image => image.Name), results!.Select(result => result.Image));
        Assert.All(results!, result => Assert.Equal((ImageStatus.Ok, 0, null, null), (result.Status, result.Windows, result.Features, result.FeaturesUnused)));
        Assert.Empty(FilesOf("again", "features"));
        foreach (var name in _shard.References.Select(image => OutputNames.Mask(image.Name)))
            Assert.Equal(await MaskAsync("job", name), await MaskAsync("again", name));
    }

    [Fact]
    public async Task A_job_whose_features_are_gone_computes_every_image_and_says_so()
    {
        await BeginAsync("again", of: "gone");
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
        Assert.All((await _shard.Jobs.ReadResultAsync("again", 0, default))!, result =>
        {
            Assert.Equal((ImageStatus.Ok, 1), (result.Status, result.Windows));
            Assert.Equal("they do not exist.", result.FeaturesUnused);
        });
        Assert.Equal(12, _shard.Images.Reads);
    }

    [Fact]
    public async Task A_shard_of_features_that_is_delivered_again_goes_on_where_it_was()
    {
        await KeepAsync("int8");
        await BeginAsync("again", of: "job");
        using var stop = new CancellationTokenSource();
        _shard.OnLabelled = _ => stop.Cancel();
        Assert.Equal(ShardOutcome.Unfinished, await _shard.RunAsync("b", stop.Token));
        var done = (await _shard.Jobs.ReadDraftAsync("again", 0, default))!.Value.Results.Count;
        Assert.InRange(done, 1, 11);

        await _shard.DieAsync("c");
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("d"));
        Assert.Equal((12 - done, 12), (_shard.FeatureStore!.Reads, _shard.Images.Reads));
        Assert.Equal(12, (await _shard.Jobs.ReadResultAsync("again", 0, default))!.Count);
    }

    [Fact]
    public async Task A_job_that_keeps_features_in_an_unknown_way_ends_with_the_known_ones()
    {
        _shard.Job = _shard.Job with { Settings = _shard.Job.Settings with { KeepFeatures = "fp4" } };
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.JobEnded, await _shard.RunAsync("a"));
        Assert.Contains("'fp4'; there are fp16 and int8", (await _shard.Jobs.ReadFailureAsync("job", default))!.Reason, StringComparison.Ordinal);
    }

    private async Task KeepAsync(string encoding)
    {
        _shard.Job = _shard.Job with { Settings = _shard.Job.Settings with { KeepFeatures = encoding } };
        await _shard.PlanAsync();
        Assert.Equal(ShardOutcome.Completed, await _shard.RunAsync("a"));
    }

    private Task BeginAsync(string id, string of)
    {
        _shard.Job = _shard.Job with { Id = id, FeaturesOf = of, Settings = _shard.Job.Settings with { KeepFeatures = null } };
        return _shard.PlanAsync();
    }

    private List<BlobEntry> FilesOf(string job, string folder) => _shard.Jobs.Store.ListAsync($"{JobNames.Folder(job)}{folder}/", null, default).ToBlockingEnumerable().ToList();

    private async Task<ushort[]> MaskAsync(string job, string name) =>
        MaskDecoder.Read((await _shard.Jobs.Store.ReadAsync(JobNames.Folder(job) + name, 1 << 20, default)).Bytes, ImageLimits.Default).Item1;
}
