using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Jobs over the kept features of others, from submit to results.</summary>
public sealed class FeatureJobTests(JobFixture fixture)
{
    private const double MostOtherPixels = 0.001;

    [Fact]
    public async Task A_job_labels_the_features_of_another_as_one_over_its_images_would_without_them()
    {
        var container = await fixture.ContainerAsync(4);
        var request = JobFixture.Request($"{container}/set/");
        request["settings"] = new JsonObject { ["keep_features"] = "fp16" };
        request["shard_size"] = 3;
        var kept = await fixture.CompleteAsync(request);
        Assert.Equal(4, (await fixture.BlobsAsync(kept)).Count(name => name.StartsWith("features/", StringComparison.Ordinal)));
        var direct = await fixture.CompleteAsync(With(JobFixture.Request($"{container}/set/"), "labels", Labels()));

        var images = fixture.Account.Container(container);
        await images.WriteAsync("set/added.png", JobServers.Picture(8), WriteCondition.None, CancellationToken.None);
        foreach (var name in (string[])["set/scene-1.png", "set/scene-2.png"])
            await images.DeleteAsync(name, CancellationToken.None);
        // One whose features are lost is labelled by its pixels.
        await fixture.Jobs.Store.DeleteAsync($"{JobNames.Folder(kept)}{OutputNames.Features("set/scene-3.png")}", CancellationToken.None);

        var wanted = Request(kept);
        var preview = JsonNode.Parse(await (await fixture.Client.PostAsJsonAsync("/previews", wanted)).Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        Assert.Equal(3, (await fixture.FollowAsync(preview))["labelled"]!.GetValue<int>());
        var id = await fixture.CompleteAsync(wanted);
        var status = await StatusAsync(id);
        Assert.Equal((kept, 3, 1, null), ((string?)status["features_of"], (int?)status["by_features"], (int?)status["by_pixels"], (string?)status["keep_features"]));
        foreach (var (ordinary, encoding) in ((string, string?)[])[(kept, "fp16"), (direct, null)])
            Assert.Equal((null, null, encoding), ((await StatusAsync(ordinary))["by_features"], (await StatusAsync(ordinary))["by_pixels"], (string?)(await StatusAsync(ordinary))["keep_features"]));
        Assert.Equal(kept, JsonNode.Parse(await fixture.Client.GetStringAsync($"/jobs/{id}/document"))!["features_of"]!.GetValue<string>());

        var (results, others) = (await ResultsAsync(id), await ResultsAsync(direct));
        Assert.Equal(others.Keys.Order(), results.Keys.Order());
        Assert.All(results.Values, result => Assert.Equal(ImageStatus.Ok, result.Status));
        var unused = Assert.Single(results.Values, result => result.FeaturesUnused is not null);
        Assert.Equal("set/scene-3.png", unused.Image);
        Assert.Equal(3, results.Values.Count(result => result.Windows == 0));
        foreach (var (image, result) in results)
            Assert.InRange(await DifferenceAsync(id, direct, result.Mask!), 0, MostOtherPixels);
        Assert.DoesNotContain(await fixture.BlobsAsync(id), name => name.StartsWith("features/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Images_that_have_neither_features_nor_pixels_any_more_are_one_kind_of_failure()
    {
        var container = await fixture.ContainerAsync(4);
        var request = JobFixture.Request($"{container}/set/");
        request["settings"] = new JsonObject { ["keep_features"] = "int8" };
        var kept = await fixture.CompleteAsync(request);
        foreach (var name in (string[])["set/scene-1.png", "set/scene-2.png"])
        {
            await fixture.Account.Container(container).DeleteAsync(name, CancellationToken.None);
            await fixture.Jobs.Store.DeleteAsync($"{JobNames.Folder(kept)}{OutputNames.Features(name)}", CancellationToken.None);
        }
        var status = await StatusAsync(await fixture.CompleteAsync(Request(kept)));
        Assert.Equal((2, 2, 0), ((int?)status["failed"], (int?)status["by_features"], (int?)status["by_pixels"]));
        var (reason, count) = Assert.Single(status["failures"]!.AsObject());
        Assert.Equal(2, (int?)count);
        Assert.EndsWith("does not exist. Its kept features were not labelled: they do not exist.", reason, StringComparison.Ordinal);
        // Those are found by the words that count them.
        var found = JsonNode.Parse(await fixture.Client.GetStringAsync($"/jobs/{(string)status["id"]!}/images?error={Uri.EscapeDataString(reason)}"))!["images"]!.AsArray();
        Assert.Equal(["set/scene-1.png", "set/scene-2.png"], found.Select(image => (string?)image!["image"]).Order());
    }

    [Fact]
    public async Task A_request_that_wants_other_features_is_refused()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/");
        request["settings"] = new JsonObject { ["keep_features"] = "int8" };
        var kept = await fixture.CompleteAsync(request);
        await RefusedAsync(With(Request(kept), "model", "demo/other"), HttpStatusCode.BadRequest, "model: 'demo/model' there, 'demo/other' now");
        await RefusedAsync(With(Request(kept), "settings", new JsonObject { ["method"] = "maskclip" }), HttpStatusCode.BadRequest, "method: 'sclip' there, 'maskclip' now");
        await RefusedAsync(Request("no-such-job"), HttpStatusCode.NotFound, "There is no job no-such-job");
        await RefusedAsync(Request(await fixture.SharedJobAsync()), HttpStatusCode.BadRequest, "keeps no features");
        await RefusedAsync(With(Request(kept), "labels", new JsonArray()), HttpStatusCode.BadRequest, "no class");
    }

    private async Task<JsonNode> StatusAsync(string id) => JsonNode.Parse(await fixture.Client.GetStringAsync($"/jobs/{id}"))!;

    private static JsonArray Labels() => [new JsonObject { ["name"] = "water" }, new JsonObject { ["name"] = "sand" }, new JsonObject { ["name"] = "brick" }, new JsonObject { ["name"] = "sky" }];

    private static JsonObject Request(string job) => new() { ["features_of"] = job, ["labels"] = Labels() };

    private static JsonObject With(JsonObject request, string key, JsonNode value)
    {
        request[key] = value;
        return request;
    }

    private async Task RefusedAsync(JsonObject request, HttpStatusCode status, string reason)
    {
        using var answer = await fixture.PostAsync(request);
        Assert.Contains(reason, await JobFixture.ProblemAsync(answer, status), StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, ImageResult>> ResultsAsync(string id) =>
        await fixture.Jobs.ReadResultsAsync(id, CancellationToken.None).SelectMany(shard => shard).ToDictionaryAsync(result => result.Image);

    /// <summary>The share of pixels in which two jobs' masks differ.</summary>
    private async Task<double> DifferenceAsync(string one, string other, string mask)
    {
        var (first, second) = (await ReadAsync(one), await ReadAsync(other));
        return first.Zip(second).Count(pair => pair.First != pair.Second) / (double)first.Length;

        async Task<ushort[]> ReadAsync(string job) =>
            MaskDecoder.Read((await fixture.Jobs.Store.ReadAsync($"{JobNames.Folder(job)}{mask}", int.MaxValue, CancellationToken.None)).Bytes, ImageLimits.Default).Labels;
    }
}
