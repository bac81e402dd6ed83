using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Segmentation;
using Sclip.Testing;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class EnginePoolTests
{
    [Fact]
    public async Task Many_who_ask_at_once_share_one_load_and_one_embedding()
    {
        using var fixture = new EngineFixture();
        var leases = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => fixture.Rent())));
        Assert.Single(fixture.Segmenters);
        Assert.All(leases, lease => Assert.Same(leases[0].Labels, lease.Labels));
        Assert.All(leases, lease => Assert.Same(leases[0].Gate, lease.Gate));
        foreach (var lease in leases)
            lease.Dispose();
        (await fixture.Rent("demo/model@main")).Dispose();
        Assert.False(Assert.Single(fixture.Segmenters).Disposed);
    }

    [Fact]
    public async Task A_lease_labels_pictures()
    {
        using var fixture = new EngineFixture();
        using var lease = await fixture.Rent();
        using var turn = await lease.Gate.EnterAsync(urgent: false, TestContext.Current.CancellationToken);
        var picture = new SegmentationInput { Rgb = new byte[64 * 64 * 3], Width = 64, Height = 64, OutputWidth = 80, OutputHeight = 70 };
        var options = new SegmentationOptions { Crop = 64, Stride = 32 };
        var result = Assert.Single(lease.Segmenter.Segment([picture], lease.Labels, options, TestContext.Current.CancellationToken));
        Assert.Equal(80 * 70, result.PixelCounts.Sum());
        Assert.Equal(EngineFixture.Classes.Select(label => label.Name), lease.LabelSet.Classes.Select(label => label.Name));
        Assert.Equal(64, lease.Defaults.Crop);
    }

    [Fact]
    public async Task Files_of_a_model_that_disagree_are_logged_when_it_is_loaded()
    {
        using var fixture = new EngineFixture();
        fixture.CopyDemo("models/org/both");
        fixture.Folder.Write("models/org/both/processor_config.json", """{"image_processor": {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}}""");
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"] };
        (await fixture.Rent("org/both")).Dispose();
        (await fixture.Rent("org/both")).Dispose();
        var warning = Assert.Single(fixture.Log.Written, line => line.Level == LogLevel.Warning);
        Assert.StartsWith("Of the model org/both: preprocessor_config.json is read, and processor_config.json beside it is not the same", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_with_a_guide_is_an_engine_of_its_own()
    {
        using var fixture = WithGuide();
        using var guided = await fixture.Rent("org/a", guide: "org/guide");
        using var plain = await fixture.Rent("org/a");
        using var again = await fixture.Rent("org/a", guide: "org/guide@main");
        Assert.Equal(2, fixture.Segmenters.Count);
        Assert.Equal(["org/a", "org/guide"], fixture.Pool.Models);
        var picture = new SegmentationInput { Rgb = new byte[56 * 56 * 3], Width = 56, Height = 56, OutputWidth = 56, OutputHeight = 56 };
        var options = new SegmentationOptions { Method = "proxyclip", Crop = 56, Stride = 56 };
        Assert.Equal(56 * 56, guided.Segmenter.Segment([picture], guided.Labels, options, TestContext.Current.CancellationToken)[0].PixelCounts.Sum());
        Assert.Throws<SegmentationException>(() => plain.Segmenter.Segment([picture], plain.Labels, options, TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Rent("org/a", guide: "org/a"));
        Assert.Contains("a guide is 'vit'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent("org/a", guide: "org/unknown"));
    }

    [Theory]
    [InlineData("encoder.layer.1.layer_scale1.lambda1", "encoder.layer.1.layer_scale1.lambda1 is missing")]
    [InlineData(null, "is truncated")]
    public async Task A_damaged_guide_is_called_so_and_the_model_goes_on_without_it(string? left, string expected)
    {
        using var fixture = WithGuide();
        var folder = fixture.Folder["models/org/guide"];
        if (left is null)
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))[..^100]);
        else
        {
            var guide = new FakeGuide("dinov2").Fill();
            Assert.True(guide.Tensors.Remove(left));
            guide.WriteTo(folder);
        }
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Rent("org/a", guide: "org/guide"));
        Assert.StartsWith("The model 'org/guide' cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        (await fixture.Rent("org/a")).Dispose();
    }

    [Fact]
    public async Task A_guide_that_cannot_be_read_now_holds_up_the_jobs_that_name_it_alone()
    {
        using var fixture = WithGuide();
        var weights = Path.Combine(fixture.Folder["models/org/guide"], "model.safetensors");
        using (new FileStream(weights, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent("org/a", guide: "org/guide"));
        Assert.Equal("org/guide", Assert.Single(fixture.Pool.Waits).Model);
        Assert.NotNull(fixture.Pool.WhyNot(Job("org/a", "org/guide")));
        Assert.Null(fixture.Pool.WhyNot(Job("org/a")));
        (await fixture.Rent("org/a")).Dispose();
        fixture.Time.Advance(5);
        (await fixture.Rent("org/a", guide: "org/guide")).Dispose();
        Assert.Empty(fixture.Pool.Waits);
    }

    [Fact]
    public async Task A_pair_that_does_not_fit_the_device_holds_up_neither_its_model_nor_its_guide()
    {
        using var fixture = WithGuide();
        fixture.OnCreate = model =>
        {
            if (model.Guide is not null)
                throw new DeviceException("too large.");
        };
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent("org/a", guide: "org/guide"));
        Assert.Equal("The model 'org/a with org/guide' cannot be used here: too large.", error.Message);
        fixture.OnCreate = _ => { };
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent("org/a", guide: "org/guide"));
        Assert.NotNull(fixture.Pool.WhyNot(Job("org/a", "org/guide")));
        Assert.Null(fixture.Pool.WhyNot(Job("org/a")));
        (await fixture.Rent("org/a")).Dispose();
        fixture.Time.Advance(5);
        (await fixture.Rent("org/a", guide: "org/guide")).Dispose();
        Assert.Null(fixture.Pool.WhyNot(Job("org/a", "org/guide")));
    }

    [Fact]
    public async Task A_patch_stride_beyond_the_patch_is_refused_before_pictures_are_read()
    {
        using var fixture = new EngineFixture();
        using var lease = await fixture.Rent();
        var error = Assert.Throws<SegmentationException>(() => lease.Segmenter.Require(new() { PatchStride = 999 }, keepsFeatures: false));
        Assert.Contains("999", error.Message, StringComparison.Ordinal);
        lease.Segmenter.Require(new() { PatchStride = 4 }, keepsFeatures: false);
    }

    [Fact]
    public async Task Models_beyond_the_number_that_is_kept_go_once_nobody_uses_them()
    {
        using var fixture = new EngineFixture();
        fixture.CopyDemo("models/org/a");
        fixture.CopyDemo("models/org--b");
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"], ModelsKept = 1 };
        var a = await fixture.Rent("org/a");
        var b = await fixture.Rent("org/b");
        Assert.Equal([false, false], fixture.Segmenters.Select(segmenter => segmenter.Disposed));
        a.Dispose();
        Assert.Equal([true, false], fixture.Segmenters.Select(segmenter => segmenter.Disposed));
        b.Dispose();
        (await fixture.Rent("org/b")).Dispose();
        Assert.Equal([true, false], fixture.Segmenters.Select(segmenter => segmenter.Disposed));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent("org/unknown"));
        Assert.Equal([true, false], fixture.Segmenters.Select(segmenter => segmenter.Disposed));
        fixture.Pool.Dispose();
        Assert.All(fixture.Segmenters, segmenter => Assert.True(segmenter.Disposed));
    }

    [Fact]
    public async Task A_model_that_nobody_uses_makes_room_before_the_next_is_loaded()
    {
        using var fixture = new EngineFixture();
        fixture.CopyDemo("models/org/a");
        fixture.CopyDemo("models/org/b");
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"], ModelsKept = 1 };
        (await fixture.Rent("org/a")).Dispose();
        (await fixture.Rent("org/b")).Dispose();
        Assert.Equal((2, 1), (fixture.Segmenters.Count, fixture.MostSegmenters));
    }

    [Fact]
    public async Task Embeddings_are_shared_by_equal_label_sets_alone()
    {
        using var fixture = new EngineFixture();
        using var lease = await fixture.Rent();
        using var same = await fixture.Rent(
            classes: [EngineFixture.Classes[0], EngineFixture.Classes[1] with { Name = " red  circle" }],
            templates: [.. lease.Defaults.Templates!.Texts]);
        using var coloured = await fixture.Rent(classes: [EngineFixture.Classes[0], EngineFixture.Classes[1] with { Color = new RgbColor(1, 2, 3) }]);
        using var prompted = await fixture.Rent(templates: ["a drawing of a {}."]);
        Assert.Same(lease.Labels, same.Labels);
        Assert.Equal(new RgbColor(1, 2, 3), coloured.LabelSet.Classes[1].Color);
        Assert.Equal(lease.Labels.Values, coloured.Labels.Values);
        Assert.NotEqual(lease.Labels.Values, prompted.Labels.Values);
        Assert.Single(fixture.Segmenters);
    }

    [Fact]
    public async Task Label_sets_beyond_the_number_that_is_kept_are_embedded_anew()
    {
        using var fixture = new EngineFixture();
        fixture.Options = fixture.Options with { LabelSetsKept = 1 };
        var first = await fixture.Rent();
        first.Dispose();
        (await fixture.Rent(templates: ["{} there"])).Dispose();
        using var again = await fixture.Rent();
        Assert.NotSame(first.Labels, again.Labels);
        Assert.Equal(first.Labels.Values, again.Labels.Values);
    }

    [Fact]
    public async Task A_corrupt_model_fails_the_job_until_it_is_repaired()
    {
        using var fixture = new EngineFixture();
        var weights = Path.Combine(fixture.CopyDemo("models/org/a"), "model.safetensors");
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"] };
        var sound = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, sound[..^1000]);
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Rent("org/a"));
        Assert.Contains("'org/a' cannot be used", error.Message, StringComparison.Ordinal);
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        File.WriteAllBytes(weights, sound);
        (await fixture.Rent("org/a")).Dispose();
    }

    [Fact]
    public async Task A_model_is_pulled_once_the_hub_can_be_reached()
    {
        await using var hub = FakeHub.Start(FakeModel.DemoFiles());
        using var fixture = new EngineFixture(hub.Endpoint);
        for (var attempt = 0; attempt < 6; attempt++)
            hub.Next("", 503);
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent(FakeHub.Id));
        Assert.Contains("overloaded or out of order (503)", error.Message, StringComparison.Ordinal);
        fixture.Time.Advance(5);
        // Nobody waits for the second try of a model.
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Rent(FakeHub.Id));
        while (fixture.Supply.IsPulling(FakeHub.Id))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.Rent(FakeHub.Id)));
        Assert.Single(hub.RequestsOf("model.safetensors"));
        foreach (var lease in leases)
            lease.Dispose();
    }

    [Fact]
    public async Task What_no_job_can_be_done_with_is_refused_before_a_model_is_loaded()
    {
        using var fixture = new EngineFixture();
        await Refused("there is no class", () => fixture.Rent(classes: []));
        await Refused("'cat' is there twice", () => fixture.Rent(classes: [new() { Name = "cat" }, new() { Name = "cat" }]));
        await Refused("must hold {} exactly once", () => fixture.Rent(templates: ["a photo"]));
        await Refused("'../model' is no model id", () => fixture.Rent("../model"));
        Assert.Empty(fixture.Segmenters);

        static async Task Refused(string expected, Func<Task> rent) =>
            Assert.Contains(expected, (await Assert.ThrowsAsync<JobException>(rent)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_outlives_the_pool()
    {
        using var fixture = new EngineFixture();
        var lease = await fixture.Rent();
        fixture.Pool.Dispose();
        Assert.False(Assert.Single(fixture.Segmenters).Disposed);
        lease.Dispose();
        Assert.True(Assert.Single(fixture.Segmenters).Disposed);
    }

    [Fact]
    public async Task Leases_go_to_the_device_that_has_fewest_and_share_the_embeddings()
    {
        using var fixture = new EngineFixture { Devices = ["cuda:0", "cuda:2"] };
        var first = await fixture.Rent();
        using var second = await fixture.Rent();
        using (var third = await fixture.Rent())
            Assert.Same(first.Gate, third.Gate);
        Assert.Equal(["cuda:0", "cuda:2"], fixture.Segmenters.Select(segmenter => segmenter.Device));
        Assert.NotSame(first.Gate, second.Gate);
        Assert.Same(first.Labels, second.Labels);
        Assert.Equal(["demo/model"], fixture.Pool.Models);
        first.Dispose();
        first.Dispose();
        await Assert.ThrowsAsync<JobException>(() => fixture.Rent("../model"));
        using var again = await fixture.Rent();
        Assert.Same(first.Gate, again.Gate);
        using var last = await fixture.Rent();
        Assert.Same(first.Gate, last.Gate);
    }

    [Fact]
    public async Task A_lost_device_makes_the_worker_unhealthy_and_ends_it_as_failed()
    {
        using var fixture = new EngineFixture { Devices = ["cuda:1"] };
        using var lease = await fixture.Rent();
        Assert.Equal(HealthStatus.Healthy, (await fixture.Health.CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status);
        fixture.Segmenters[0].IsLost = true;
        for (var call = 0; call < 2; call++)
            Assert.Throws<DeviceLostException>(() => lease.Segmenter.Segment([], lease.Labels, new SegmentationOptions(), TestContext.Current.CancellationToken));
        var health = await fixture.Health.CheckHealthAsync(new(), TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Unhealthy, "The device cuda:1 is lost: it fell off the bus."), (health.Status, health.Description));
        Assert.Equal((1, 1), (fixture.Host.Stops, fixture.Host.Exit.Code));
    }

    [Fact]
    public async Task Embedding_waits_while_another_computes_on_the_model()
    {
        using var fixture = new EngineFixture();
        using var lease = await fixture.Rent();
        var turn = await lease.Gate.EnterAsync(urgent: true, TestContext.Current.CancellationToken);
        var other = fixture.Rent(templates: ["a {} elsewhere"]);
        using (await fixture.Rent())
            Assert.False(other.IsCompleted);
        turn.Dispose();
        (await other).Dispose();
    }

    [Theory]
    [InlineData(null, "cpu", true)]
    [InlineData("cpu", "cpu", true)]
    [InlineData("cpu", "torch-cpu", true)]
    [InlineData("cpu", "cuda:0", false)]
    [InlineData("cuda", "cuda:1", true)]
    [InlineData("cuda", "cpu", false)]
    public void A_job_that_asks_for_a_device_which_is_not_here_is_not_begun(string? asked, string device, bool begun)
    {
        using var fixture = new EngineFixture { Devices = [device] };
        var hold = fixture.Pool.WhyNot(Job("demo/model") with { Device = asked });
        Assert.Equal(begun ? null : new JobHold(JobWaitKind.Device, $"waiting for a worker with {asked}: one that has {device} gave a shard back."), hold);
    }

    private static EngineFixture WithGuide()
    {
        var fixture = new EngineFixture();
        fixture.CopyDemo("models/org/a");
        new FakeGuide("dinov2").Fill().WriteTo(fixture.Folder["models/org/guide"]);
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"] };
        return fixture;
    }

    private static JobDocument Job(string model, string? guide = null) => new()
    {
        Id = "job",
        Created = default,
        Input = new JobInput { Container = "photos" },
        Labels = EngineFixture.Classes,
        Model = model,
        Settings = new JobSettings { Guide = guide },
        ShardSize = 1,
    };
}
