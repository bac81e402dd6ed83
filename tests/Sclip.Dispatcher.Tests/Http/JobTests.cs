using System.Net;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Jobs over HTTP from submit to results.</summary>
public sealed class JobTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task A_job_is_accepted_under_its_address_and_the_same_request_is_the_same_job()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/");
        using var first = await fixture.PostAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        var id = (await JobFixture.ReadAsync(first))["id"]!.GetValue<string>();
        Assert.Equal($"/jobs/{id}", first.Headers.Location?.ToString());
        using var second = await fixture.PostAsync(request);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(id, (await JobFixture.ReadAsync(second))["id"]!.GetValue<string>());
        request["new"] = true;
        using var third = await fixture.PostAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, third.StatusCode);
        Assert.NotEqual(id, (await JobFixture.ReadAsync(third))["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_same_request_again_tells_what_of_it_is_not_in_the_job()
    {
        var container = await fixture.ContainerAsync(1);
        var request = With(JobFixture.Request($"{container}/set/"), "name", "first");
        var id = await fixture.CompleteAsync(request);
        await fixture.Account.Container(container).WriteAsync("set/added.png", JobServers.Picture(2), WriteCondition.None, CancellationToken.None);
        Assert.Matches($"^Job {id} of 20[0-9-]+ [0-9:]+Z is this very request; images that were added or changed since are not in it[.] .*--new", Assert.Single(await AgainAsync()));

        With(With(request, "name", "second"), "priority", 7);
        var warnings = await AgainAsync();
        Assert.Equal(3, warnings.Length);
        Assert.Contains("is called 'first', and stays so: the name 'second'", warnings[1], StringComparison.Ordinal);
        Assert.Contains("the priority 0, and keeps it: the priority 7", warnings[2], StringComparison.Ordinal);
        Assert.Empty(Warnings(JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}"))!));

        async Task<string[]> AgainAsync()
        {
            using var answer = await fixture.PostAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var status = await JobFixture.ReadAsync(answer);
            Assert.Equal((id, 1), (status["id"]!.GetValue<string>(), status["images"]!.GetValue<int>()));
            return Warnings(status);
        }
    }

    [Fact]
    public async Task Notes_on_the_ids_of_labels_are_among_the_warnings_of_their_job()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/");
        request["labels"] = new JsonObject { ["3"] = "grass", ["7"] = "sky" };
        const string Note = "The ids are 3 to 7, 3 of them missing; in masks the classes are 0 to 1, in the order of their ids.";
        using var answer = await fixture.PostAsync(request);
        var status = await JobFixture.ReadAsync(answer);
        var id = status["id"]!.GetValue<string>();
        Assert.Equal(Note, Assert.Single(Warnings(status)));
        Assert.Equal(Note, Assert.Single(Warnings(await fixture.FollowAsync(id))));
        Assert.Equal(Note, JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/document"))!["label_notes"]![0]!.GetValue<string>());

        var overview = JsonNode.Parse(await Client.GetStringAsync("/overview"))!["jobs"]!.AsArray();
        Assert.Equal(Note, Assert.Single(Warnings(overview.Single(job => job!["status"]!["id"]!.GetValue<string>() == id)!["status"]!)));

        // The same classes without ids are the same job: masks are the same.
        request["labels"] = new JsonArray("grass", "sky");
        Assert.Equal(id, await fixture.SubmitAsync(request));
        request["labels"] = new JsonObject { ["1"] = "grass", ["2"] = "sky" };
        using var again = await fixture.PostAsync(request);
        Assert.Contains("The ids are 1 to 2; in masks the classes are 0 to 1, in the order of their ids.", Warnings(await JobFixture.ReadAsync(again)));
    }

    [Fact]
    public async Task A_job_is_followed_to_its_end_and_its_counts_add_up()
    {
        var container = await fixture.ContainerAsync(3, ("set/broken.jpg", [1, 2, 3]), ("set/notes.txt", [4]), ("other.png", JobServers.Picture(1)));
        var request = JobFixture.Request($"{container}/set/");
        request["shard_size"] = 2;
        request["name"] = "three and one";
        var id = await fixture.SubmitAsync(request);
        using var stream = await Client.GetAsync($"/jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        var last = await fixture.FollowAsync(id);
        Assert.Equal("completed", last["state"]!.GetValue<string>());
        var status = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}"))!.AsObject();
        Assert.True(JsonNode.DeepEquals(last, status), $"{last}\n{status}");
        Assert.Equal(("three and one", 4, 3, 1, 2, 2), (status["name"]!.GetValue<string>(), status["images"]!.GetValue<int>(), status["labelled"]!.GetValue<int>(), status["failed"]!.GetValue<int>(),
            status["shards"]!.GetValue<int>(), status["shards_done"]!.GetValue<int>()));
        Assert.Equal(1, Assert.Single(status["failures"]!.AsObject()).Value!.GetValue<int>());
        Assert.Contains(JsonNode.Parse(await Client.GetStringAsync("/jobs?limit=1000"))!.AsArray(), job => job!["id"]!.GetValue<string>() == id);
        Assert.Equal(1, (await fixture.Jobs.ReadPlanAsync(id, CancellationToken.None))!.OtherBlobs);
    }

    [Fact]
    public async Task The_events_of_a_job_that_somebody_deletes_end_as_a_stream_does()
    {
        var id = await fixture.WrittenJobAsync(2, _ => [], drafts: 1);
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        using var answer = await Client.GetAsync($"/jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        Assert.Equal("event: status", await events.ReadLineAsync(limit.Token));
        foreach (var blob in await fixture.BlobsAsync(id))
            await fixture.Jobs.Store.DeleteAsync(JobNames.Folder(id) + blob, limit.Token);
        // One that breaks off throws here.
        await events.ReadToEndAsync(limit.Token);
        await JobFixture.ProblemAsync(await Client.GetAsync($"/jobs/{id}/events", limit.Token), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_marker_of_a_folder_is_no_image_and_an_empty_file_is_a_failed_one()
    {
        var container = await fixture.ContainerAsync(1, ("set/album.jpg", []), ("set/empty.jpg", []));
        var marker = new BlobClient(fixture.Servers.Settings["Store:Connection"], container, "set/album.jpg");
        await marker.SetMetadataAsync(new Dictionary<string, string> { ["hdi_isfolder"] = "true" });
        var id = await fixture.CompleteAsync(JobFixture.Request($"{container}/set/"));
        var plan = await fixture.Jobs.ReadPlanAsync(id, CancellationToken.None);
        Assert.Equal((2, 1), (plan!.Images, plan.OtherBlobs));
        var failed = Assert.Single(await fixture.Jobs.ReadResultAsync(id, 0, CancellationToken.None) ?? [], result => result.Status == ImageStatus.Failed);
        Assert.Equal(("set/empty.jpg", "the file is empty."), (failed.Image, failed.Error));
    }

    [Fact]
    public async Task Results_are_lines_whose_masks_and_overlays_are_pictures_of_the_size_of_the_image()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(2, ("set/ü b%41 #1.png", JobServers.Picture(3)))}/set/");
        request["settings"] = new JsonObject { ["overlay"] = true, ["scores"] = true };
        var id = await fixture.CompleteAsync(request);
        using var answer = await Client.GetAsync($"/jobs/{id}/results");
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var results = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ImageResult.TryParse(line)!).ToArray();
        Assert.Equal(["set/scene-1.png", "set/scene-2.png", "set/ü b%41 #1.png"], results.Select(result => result.Image).Order(StringComparer.Ordinal));
        foreach (var result in results)
        {
            Assert.Equal(ImageStatus.Ok, result.Status);
            using var mask = await GetAsync(id, result.Mask!);
            Assert.Equal("image/png", mask.Content.Headers.ContentType?.MediaType);
            var decoded = MaskDecoder.Read(await mask.Content.ReadAsByteArrayAsync(), ImageLimits.Default);
            Assert.Equal((result.Width, result.Height), (decoded.Width, decoded.Height));
            using var overlay = await GetAsync(id, result.Overlay!);
            Assert.Equal("image/jpeg", overlay.Content.Headers.ContentType?.MediaType);
            Assert.True(ImageDecoder.Decode(await overlay.Content.ReadAsByteArrayAsync(), ImageLimits.Default).Width >= result.Width);
            using var scores = await GetAsync(id, result.Scores!);
            Assert.NotEmpty(await scores.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Images_that_are_named_are_labelled_and_no_others()
    {
        var request = JobFixture.Request(await fixture.ContainerAsync(3));
        request["images"] = new JsonArray("set/scene-3.png", "set/scene-1.png", "set/scene-3.png", "set/none.png");
        var id = await fixture.CompleteAsync(request);
        var results = await fixture.Jobs.ReadResultAsync(id, 0, CancellationToken.None);
        Assert.Equal([("set/none.png", ImageStatus.Failed), ("set/scene-1.png", ImageStatus.Ok), ("set/scene-3.png", ImageStatus.Ok)], results!.Select(result => (result.Image, result.Status)));
    }

    [Fact]
    public async Task A_cancelled_job_says_so_and_may_be_cancelled_again()
    {
        // A model that the worker lacks keeps it from being faster than the test.
        var id = await fixture.SubmitAsync(With(JobFixture.Request(await fixture.ContainerAsync(2)), "model", $"absent/{Guid.NewGuid():n}"));
        using var cancelled = await Client.PostAsync($"/jobs/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.True(await fixture.Jobs.Store.ExistsAsync(JobNames.Cancelled(id), CancellationToken.None));
        Assert.Contains((await JobFixture.ReadAsync(cancelled))["state"]!.GetValue<string>(), new[] { "cancelled", "failed" });
        using var again = await Client.PostAsync($"/jobs/{id}/cancel", null);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_model_that_no_worker_has_fails_the_job_with_the_reason_and_a_retry_works_once_it_is_there()
    {
        var model = $"late/m{Guid.NewGuid():n}";
        var id = await fixture.SubmitAsync(With(JobFixture.Request(await fixture.ContainerAsync(2)), "model", model));
        var failed = await fixture.FollowAsync(id);
        Assert.Equal("failed", failed["state"]!.GetValue<string>());
        Assert.Contains($"'{model}' is not on this worker", failed["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        fixture.Servers.AddModel(model);
        using var retried = await Client.PostAsync($"/jobs/{id}/retry", null);
        Assert.Equal(HttpStatusCode.OK, retried.StatusCode);
        var completed = await fixture.FollowAsync(id);
        Assert.Equal(("completed", 2), (completed["state"]!.GetValue<string>(), completed["labelled"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_retry_of_what_failed_labels_it_again_and_leaves_the_rest()
    {
        var container = await fixture.ContainerAsync(3, ("set/mended.png", [1, 2, 3]));
        var request = With(JobFixture.Request(container), "shard_size", 2);
        var id = await fixture.CompleteAsync(request);
        var before = await ResultsAsync(id);
        Assert.Equal("set/mended.png", Assert.Single(before, result => result.Status == ImageStatus.Failed).Image);
        await fixture.Account.Container(container).WriteAsync("set/mended.png", JobServers.Picture(5), WriteCondition.None, CancellationToken.None);

        using var plain = await Client.PostAsync($"/jobs/{id}/retry", null);
        Assert.Equal("completed", (await JobFixture.ReadAsync(plain))["state"]!.GetValue<string>());
        using var answer = await Client.PostAsync($"/jobs/{id}/retry?failed=true", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var status = await fixture.FollowAsync(id);
        Assert.Equal((4, 4, 0), (status["images"]!.GetValue<int>(), status["labelled"]!.GetValue<int>(), status["failed"]!.GetValue<int>()));
        var after = await ResultsAsync(id);
        Assert.All(after, result => Assert.Equal(ImageStatus.Ok, result.Status));
        var mended = after.Single(result => result.Image == "set/mended.png");
        Assert.Equal(JobServers.Picture(5).Length, mended.InputBytes);
        Assert.NotEqual(before.Single(result => result.Image == mended.Image).InputETag, mended.InputETag);
        // The timings of those that were good are the old ones: they were not computed again.
        foreach (var good in before.Where(result => result.Status == ImageStatus.Ok))
            Assert.Equal(good.Timings, after.Single(result => result.Image == good.Image).Timings);
    }

    [Fact]
    public async Task A_completed_job_cannot_be_cancelled()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        using var answer = await Client.PostAsync($"/jobs/{id}/cancel", null);
        Assert.Contains("complete", await JobFixture.ProblemAsync(answer, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_listed_in_pages()
    {
        var container = await fixture.ContainerAsync(1);
        var prefix = $"page-{Guid.NewGuid():n}"[..20];
        foreach (var i in Enumerable.Range(1, 3))
            await fixture.SubmitAsync(With(JobFixture.Request(container), "id", $"{prefix}-{i}"));
        var page = JsonNode.Parse(await Client.GetStringAsync($"/jobs?after={prefix}-1&limit=2"))!.AsArray();
        Assert.Equal([$"{prefix}-2", $"{prefix}-3"], page.Select(job => job!["id"]!.GetValue<string>()));
        // A name that is the beginning of others, which a store may list behind them.
        await fixture.SubmitAsync(With(JobFixture.Request(container), "id", prefix));
        page = JsonNode.Parse(await Client.GetStringAsync($"/jobs?after={prefix[..^1]}&limit=2"))!.AsArray();
        Assert.Equal([prefix, $"{prefix}-1"], page.Select(job => job!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_job_over_its_own_container_leaves_the_outputs_of_jobs_alone()
    {
        await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        var name = $"own-{Guid.NewGuid():n}/scene.png";
        await fixture.Jobs.Store.WriteAsync(name, JobServers.Picture(1), WriteCondition.None, CancellationToken.None);
        var id = await fixture.CompleteAsync(With(JobFixture.Request(JobFixture.JobContainer), "new", true));
        var results = await ResultsAsync(id);
        Assert.Contains(results, result => result.Image == name);
        Assert.DoesNotContain(results, result => result.Image.StartsWith("jobs/", StringComparison.Ordinal));
    }

    private static string[] Warnings(JsonNode status) => [.. status["warnings"]!.AsArray().Select(warning => warning!.GetValue<string>())];

    private static JsonObject With(JsonObject request, string name, JsonNode value)
    {
        request[name] = value;
        return request;
    }

    private async Task<HttpResponseMessage> GetAsync(string id, string path)
    {
        var answer = await Client.GetAsync($"/jobs/{id}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private async Task<ImageResult[]> ResultsAsync(string id) =>
        [.. (await Client.GetStringAsync($"/jobs/{id}/results")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ImageResult.TryParse(line)!)];
}
