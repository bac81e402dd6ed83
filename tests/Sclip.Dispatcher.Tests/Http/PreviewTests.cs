using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Planning;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Trying labels on a few images.</summary>
public sealed class PreviewTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task A_preview_labels_three_of_the_images_and_is_in_no_list()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(8)}/set/");
        request["name"] = "the whole";
        var id = await PreviewAsync(request, 0);
        Assert.StartsWith("preview-", id, StringComparison.Ordinal);
        var end = await fixture.FollowAsync(id);
        Assert.Equal(("completed", 3), (end["state"]!.GetValue<string>(), end["labelled"]!.GetValue<int>()));
        Assert.Equal(id, await PreviewAsync(request, 0));
        var others = await PreviewAsync(request, 1);
        Assert.NotEqual(id, others);
        Assert.NotEqual(await ImagesAsync(id), await ImagesAsync(others));
        Assert.DoesNotContain(JsonNode.Parse(await Client.GetStringAsync("/jobs?limit=1000"))!.AsArray(), job => JobNames.IsPreview(job!["id"]!.GetValue<string>()));
        Assert.True((await fixture.Jobs.ReadJobAsync(id, CancellationToken.None))!.IsUrgent());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preview_of_pictures_that_were_replaced_is_another_one(bool listed)
    {
        var container = await fixture.ContainerAsync(3);
        var request = JobFixture.Request($"{container}/set/");
        if (listed)
            request["images"] = new JsonArray("set/scene-1.png", "set/scene-2.png", "set/none.png");
        var before = await PreviewAsync(request, 0);
        Assert.Equal(before, await PreviewAsync(request, 0));
        await fixture.Account.Container(container).WriteAsync("set/scene-2.png", JobServers.Picture(7), WriteCondition.None, CancellationToken.None);
        var after = await PreviewAsync(request, 0);
        Assert.NotEqual(before, after);
        Assert.Equal(await ImagesAsync(before), await ImagesAsync(after));
    }

    [Fact]
    public async Task A_preview_of_a_wrong_request_is_refused_as_the_job_would_be()
    {
        var container = await fixture.ContainerAsync(1);
        async Task RefusedAsync(JsonObject request, HttpStatusCode status, string reason, int sample = 0)
        {
            using var answer = await Client.PostAsJsonAsync($"/previews?sample={sample}", request);
            Assert.Contains(reason, await JobFixture.ProblemAsync(answer, status), StringComparison.Ordinal);
        }

        await RefusedAsync(JobFixture.Request($"{container}/nothing/"), HttpStatusCode.NotFound, "There are no images");
        await RefusedAsync(JobFixture.Request("no such container"), HttpStatusCode.BadRequest, "CONTAINER");
        await RefusedAsync(JobFixture.Request($"{container}/set/"), HttpStatusCode.BadRequest, "sample", sample: -1);
        var outside = JobFixture.Request($"{container}/set/");
        outside["images"] = new JsonArray("set/scene-1.png", "other.png");
        await RefusedAsync(outside, HttpStatusCode.BadRequest, "'other.png'");
        var twice = JobFixture.Request($"{container}/set/");
        twice["labels"]!.AsArray().Add(new JsonObject { ["name"] = "sky" });
        await RefusedAsync(twice, HttpStatusCode.BadRequest, "sky");
        var unsure = JobFixture.Request($"{container}/set/");
        unsure["settings"] = new JsonObject { ["probability_threshold"] = 0.5 };
        await RefusedAsync(unsure, HttpStatusCode.BadRequest, "Add a class 'background', or mark one");
        var disguised = JobFixture.Request($"{container}/set/");
        disguised["id"] = "preview-mine";
        using var job = await fixture.PostAsync(disguised);
        Assert.Contains("preview-", await JobFixture.ProblemAsync(job, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_previews_are_deleted_with_all_that_is_theirs_and_nothing_else()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(2)}/set/");
        var job = await fixture.CompleteAsync(request);
        var old = await PreviewAsync(request, 0);
        await fixture.FollowAsync(old);
        // Made before all others, which other tests wait for.
        var made = DateTimeOffset.UtcNow.AddHours(-12);
        var document = (await fixture.Jobs.ReadJobAsync(old, CancellationToken.None))! with { Created = made };
        await fixture.Jobs.Store.WriteAsync(JobNames.Job(old), JsonSerializer.SerializeToUtf8Bytes(document, Json.Default.JobDocument), WriteCondition.None, CancellationToken.None);
        using var cleaning = new PreviewCleaning(fixture.Jobs, NullLogger<PreviewCleaning>.Instance);
        await cleaning.CleanAsync(made, CancellationToken.None);
        Assert.NotEmpty(await fixture.BlobsAsync(old));
        await cleaning.CleanAsync(made.AddTicks(1), CancellationToken.None);
        Assert.Empty(await fixture.BlobsAsync(old));
        Assert.Contains("summary.json", await fixture.BlobsAsync(job));
    }

    [Fact]
    public void Samples_are_spread_always_the_same_and_others_each_time()
    {
        string[] names = [.. Enumerable.Range(0, 3000).Select(i => $"{i:0000}")];
        var seen = new HashSet<string>();
        for (var sample = 0; sample < 50; sample++)
        {
            var chosen = PreviewSample.Of(names, sample);
            Assert.Equal(chosen, PreviewSample.Of(names, sample));
            Assert.Equal([0, 1, 2], chosen.Select(name => int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) / 1000));
            Assert.All(chosen, name => Assert.True(seen.Add(name), $"{name} is in two samples."));
        }
        Assert.Equal(["a", "b"], PreviewSample.Of(["a", "b"], 7));
        Assert.Equal(3, PreviewSample.Of(["a", "b", "c", "d"], 1000).Length);
    }

    [Fact]
    public async Task The_choices_are_methods_that_a_job_takes()
    {
        var methods = JsonNode.Parse(await Client.GetStringAsync("/choices"))!["methods"]!.AsArray().Select(method => method!.GetValue<string>()).ToArray();
        Assert.Contains("sclip", methods);
        Assert.DoesNotContain(methods, method => method.StartsWith("sclip-projection", StringComparison.Ordinal));
    }

    private async Task<string> PreviewAsync(JsonObject request, int sample)
    {
        using var answer = await Client.PostAsJsonAsync($"/previews?sample={sample}", request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await JobFixture.ReadAsync(answer))["id"]!.GetValue<string>();
    }

    private async Task<string> ImagesAsync(string id) =>
        System.Text.Encoding.UTF8.GetString((await fixture.Jobs.Store.ReadAsync(JobNames.InputList(id), 1 << 20, CancellationToken.None)).Bytes);
}
