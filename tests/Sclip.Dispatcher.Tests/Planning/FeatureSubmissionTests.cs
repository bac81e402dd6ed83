using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Jobs over the kept features of others: what they take from those, and what is refused.</summary>
public sealed class FeatureSubmissionTests : IDisposable
{
    private readonly PlanningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Images_model_method_and_windows_are_those_of_the_job_whatever_has_come_since()
    {
        var kept = await KeptAsync(["a.png", "b.png", "notes.txt", "sub/c.png"], new JobSettings { Method = "maskclip", Crop = 64, PatchStride = 8, KeepFeatures = "int8", Overlay = true, LogitScale = 20 });
        await _bench.AddAsync("aa.png", "z.png");
        var job = await _bench.SubmitAsync(Request(kept.Id) with { Settings = new JobSettings { LogitScale = 30, Scores = true } });
        Assert.Equal((kept.Id, "photos", "", false, "demo/model"), (job.FeaturesOf, job.Input.Container, job.Input.Prefix, job.Input.Listed, job.Model));
        Assert.Equal(("maskclip", null, 64, null, 30, null), (job.Settings.Method, job.Settings.ShortSide, job.Settings.Crop, job.Settings.Stride, job.Settings.LogitScale, job.Settings.KeepFeatures));
        Assert.Equal((8, false, true), (job.Settings.PatchStride, job.Settings.Overlay, job.Settings.Scores));
        var plan = await _bench.PlanAsync(job);
        Assert.Equal((3L, 0L), (plan!.Images, plan.OtherBlobs));
        Assert.Equal(["a.png", "b.png", "sub/c.png"], await _bench.PlannedAsync(job.Id));
        // What is said as it is there already is the same request.
        var same = Request(kept.Id) with { Input = "photos", Model = "demo/model", Settings = new JobSettings { LogitScale = 30, Scores = true, Method = "maskclip", Crop = 64 } };
        Assert.Equal(job.Id, (await _bench.SubmitAsync(same)).Id);
        Assert.NotEqual(job.Id, (await _bench.SubmitAsync(PlanningBench.Request() with { Settings = job.Settings })).Id);
    }

    [Fact]
    public async Task The_guide_is_that_of_the_job()
    {
        var kept = await KeptAsync(["a.png"], new JobSettings { Method = "proxyclip", Guide = "facebook/dino-vitb8", KeepFeatures = "fp16" });
        var job = await _bench.SubmitAsync(Request(kept.Id));
        Assert.Equal(("proxyclip", "facebook/dino-vitb8"), (job.Settings.Method, job.Settings.Guide));
        await RefusedAsync(Request(kept.Id) with { Settings = new JobSettings { Guide = "facebook/dino-vitb16" } }, "guide: 'facebook/dino-vitb8' there, 'facebook/dino-vitb16' now");
    }

    [Fact]
    public async Task Planning_that_was_interrupted_goes_on_behind_the_last_image_of_the_job()
    {
        var kept = await KeptAsync([.. Enumerable.Range(0, 7).Select(i => $"{i}.png")], new JobSettings { KeepFeatures = "fp16" });
        var job = await _bench.SubmitAsync(Request(kept.Id) with { ShardSize = 3 });
        _bench.BeforeWrite = name => name == JobNames.Shard(job.Id, 1) ? throw new BlobStoreException(BlobStoreFault.Unavailable, "the store is away.") : Task.CompletedTask;
        await Assert.ThrowsAsync<BlobStoreException>(() => _bench.PlanAsync(job));
        _bench.BeforeWrite = _ => Task.CompletedTask;
        var plan = await _bench.PlanAsync(job);
        Assert.Equal((3, 7L), (plan!.Shards, plan.Images));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i}.png"), await _bench.PlannedAsync(job.Id));
    }

    [Fact]
    public async Task A_job_whose_documents_are_gone_is_no_empty_job()
    {
        var kept = await KeptAsync(["a.png", "b.png", "c.png"], new JobSettings { KeepFeatures = "fp16" });
        var job = await _bench.SubmitAsync(Request(kept.Id));
        await _bench.Stores.Jobs.Store.DeleteAsync(JobNames.Shard(kept.Id, 1), CancellationToken.None);
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => _bench.PlanAsync(job));
        Assert.Equal(BlobStoreFault.Missing, error.Fault);
        Assert.Contains($"{JobNames.Shard(kept.Id, 1)} is gone, which told the images of job {kept.Id}", error.Message, StringComparison.Ordinal);
        Assert.Null(await _bench.Stores.Jobs.ReadPlanAsync(job.Id, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_given_otherwise_than_the_job_has_it_is_refused_by_name()
    {
        var kept = await KeptAsync(["a.png"], new JobSettings { Crop = 64, KeepFeatures = "fp16" });
        var request = Request(kept.Id);
        await RefusedAsync(request with { Input = "others" }, "input: 'photos/' there, 'others/' now");
        await RefusedAsync(request with { Input = "photos/a" }, "input: 'photos/' there, 'photos/a' now");
        await RefusedAsync(request with { Images = ["a.png"] }, "images: not set there, 'a.png' now");
        await RefusedAsync(request with { Model = "demo/other" }, "model: 'demo/model' there, 'demo/other' now");
        await RefusedAsync(request with { Settings = new JobSettings { Method = "maskclip" } }, "method: 'sclip' there, 'maskclip' now");
        await RefusedAsync(request with { Settings = new JobSettings { Crop = 32, Stride = 16 } }, "crop: 64 there, 32 now; stride: the model's own there, 16 now");
        await RefusedAsync(request with { Settings = new JobSettings { PatchStride = 4 } }, "patch_stride: the model's own there, 4 now");
        await RefusedAsync(request with { Settings = new JobSettings { ShortSide = 0 } }, "short_side: the model's own there, 0 now");
        await RefusedAsync(request with { Settings = new JobSettings { KeepFeatures = "fp16" } }, "Leave keep_features (--keep-features) out.");
    }

    [Fact]
    public async Task Jobs_without_features_of_their_own_are_refused_and_so_are_those_that_are_not_complete()
    {
        await RefusedAsync(Request("none"), "There is no job none", JobRequestFault.NotFound);
        await RefusedAsync(Request("../job"), "is no job id");
        await RefusedAsync(Request("preview-1"), "is a preview");
        var plain = await KeptAsync(["a.png"], new JobSettings());
        await RefusedAsync(Request(plain.Id), $"Job {plain.Id} keeps no features.");
        var kept = await _bench.SubmitAsync(PlanningBench.Request() with { Settings = new JobSettings { KeepFeatures = "fp16" } });
        await RefusedAsync(Request(kept.Id), $"Job {kept.Id} is not complete", JobRequestFault.Conflict);
        await CompleteAsync(kept);
        var relabelled = await _bench.SubmitAsync(Request(kept.Id));
        await CompleteAsync(relabelled);
        await RefusedAsync(Request(relabelled.Id), $"labels the features of job {kept.Id}, and keeps none itself");
    }

    private static JobRequest Request(string job) => PlanningBench.Request() with { FeaturesOf = job, Input = null, Model = null };

    private async Task<JobDocument> KeptAsync(string[] images, JobSettings settings)
    {
        await _bench.AddAsync(images);
        var job = await _bench.SubmitAsync(PlanningBench.Request() with { Settings = settings });
        await CompleteAsync(job);
        return job;
    }

    private async Task CompleteAsync(JobDocument job)
    {
        Assert.NotNull(await _bench.PlanAsync(job));
        await _bench.Stores.Jobs.Store.WriteAsync(JobNames.Summary(job.Id), "{}"u8.ToArray(), WriteCondition.None, CancellationToken.None);
    }

    private async Task RefusedAsync(JobRequest request, string reason, JobRequestFault fault = JobRequestFault.Invalid)
    {
        var error = await Assert.ThrowsAsync<JobRequestException>(() => _bench.SubmitAsync(request));
        Assert.Equal(fault, error.Fault);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
