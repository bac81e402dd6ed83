using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Looking into a job: its images by filter and order, and small versions of its pictures and masks.</summary>
public sealed class GalleryTests(JobFixture fixture)
{
    private static readonly ImageLimits Limits = ImageLimits.Default;

    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task Images_are_found_by_end_words_of_the_failure_and_class_and_ordered_as_asked()
    {
        var container = await fixture.ContainerAsync(8, ("set/broken.jpg", [1, 2, 3]));
        var request = JobFixture.Request($"{container}/set/");
        request["shard_size"] = 2;
        var id = await fixture.CompleteAsync(request);

        var all = await FindAsync(id, "");
        Assert.Equal(9, all.Length);
        var failed = Assert.Single(await FindAsync(id, "status=failed"));
        Assert.Equal("set/broken.jpg", failed.Image);
        Assert.Equal(8, (await FindAsync(id, "status=ok")).Length);
        Assert.Equal(failed.Image, Assert.Single(await FindAsync(id, $"error={Uri.EscapeDataString(failed.Error!)}")).Image);
        Assert.Empty(await FindAsync(id, "error=other%20words"));

        var sky = await FindAsync(id, "class=sky");
        Assert.Equal(all.Where(image => image.Pixels?.GetValueOrDefault("sky") > 0).Select(image => image.Image), sky.Select(image => image.Image));
        Assert.NotEmpty(sky);
        var confidence = (await FindAsync(id, "order=confidence&status=ok")).Select(image => image.MeanConfidence!.Value).ToArray();
        Assert.Equal(8, confidence.Length);
        Assert.Equal(confidence.Order(), confidence);
        var doubts = (await FindAsync(id, "order=doubt&status=ok")).Select(image => image.Doubt!.Value).ToArray();
        Assert.Equal(doubts.OrderDescending(), doubts);
        Assert.True(doubts[0] > doubts[^1]);
        var ofClass = (await FindAsync(id, "order=doubt&class=grass")).Select(image => image.ClassDoubt!["grass"]).ToArray();
        Assert.Equal(ofClass.OrderDescending(), ofClass);
        Assert.Equal(confidence.Take(3), (await FindAsync(id, "order=confidence&limit=3")).Select(image => image.MeanConfidence!.Value));
        var shares = (await FindAsync(id, "order=share&class=sky")).Select(image => image.Pixels!["sky"] / (double)(image.Width!.Value * image.Height!.Value)).ToArray();
        Assert.Equal(shares.OrderDescending(), shares);
        Assert.Equal(sky.Length, shares.Length);
    }

    [Theory]
    [InlineData("doubt")]
    [InlineData("confidence")]
    public async Task Images_that_failed_have_no_doubt_and_come_behind_those_that_do(string order)
    {
        var id = await fixture.WrittenJobAsync(2, shard => [Failed($"{shard}-a.png"), Result($"{shard}-b.png", confidence: shard / 2.0), Failed($"{shard}-c.png")], drafts: 1);
        string[] failed = ["0-a.png", "0-c.png", "1-a.png", "1-c.png"];
        Assert.Equal(["0-b.png", "1-b.png", .. failed], await NamesAsync($"order={order}"));
        Assert.Equal(failed, await NamesAsync($"order={order}&status=failed"));
        Assert.Equal(failed, await NamesAsync($"order={order}&error=no%20picture"));
        Assert.Equal(["0-b.png", "1-b.png"], await NamesAsync($"order={order}&class=grass"));

        async Task<IEnumerable<string>> NamesAsync(string query) => (await FindAsync(id, query)).Select(image => image.Image);
    }

    [Fact]
    public async Task The_list_of_a_jobs_images_is_told_and_where_there_is_none_that_is()
    {
        var container = await fixture.ContainerAsync(3);
        var request = JobFixture.Request($"{container}/set/");
        request["images"] = new JsonArray("set/scene-3.png", "set/scene-1.png", "set/Ω, \"quoted\".png");
        var listed = await fixture.SubmitAsync(request);
        Assert.Equal(["set/scene-1.png", "set/scene-3.png", "set/Ω, \"quoted\".png"], JsonNode.Parse(await Client.GetStringAsync($"/jobs/{listed}/list"))!.AsArray().Select(name => name!.GetValue<string>()));
        using var answer = await Client.GetAsync($"/jobs/{await fixture.SubmitAsync(JobFixture.Request($"{container}/set/"))}/list");
        Assert.Contains($"below {container}/set/", await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_of_one_colour_stay_apart_in_a_mask_of_their_places()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(8)}/set/");
        foreach (var label in request["labels"]!.AsArray())
            label!["color"] = "#2f9e44";
        var id = await fixture.SubmitAsync(request);
        var status = await fixture.FollowAsync(id);
        Assert.Contains(status["warnings"]!.AsArray(), warning => warning!.GetValue<string>() == "'grass', 'sky' and 'a house' have the same colour #2f9e44: pictures show them as one.");
        var image = (await FindAsync(id, "status=ok")).First(image => image.Pixels!.Count > 1);
        var mask = $"/jobs/{id}/thumbnails/mask?name={Uri.EscapeDataString(image.Mask!)}&side=2048";
        Assert.Equal(["#2f9e44"], Colors(ImageDecoder.Decode(await Client.GetByteArrayAsync(mask), Limits)).Select(color => color.Color));
        string[] names = ["grass", "sky", "a house"];
        Assert.Equal(
            image.Pixels!.Select(item => ($"#{Array.IndexOf(names, item.Key):x6}", item.Value)).Order(),
            Colors(ImageDecoder.Decode(await Client.GetByteArrayAsync($"{mask}&places=true"), Limits)).Order());
    }

    [Theory]
    [InlineData("class=sea", "sea")]
    [InlineData("status=good", "ok, failed")]
    [InlineData("order=size", "shard, doubt, confidence, share, name")]
    [InlineData("review=good", "open, accepted, rejected, flagged, reviewed, corrected")]
    [InlineData("order=share", "class")]
    [InlineData("offset=-1", "0..2147483647")]
    [InlineData("offset=1e3", "whole number")]
    [InlineData("offset=60&at=set/scene-1.png", "only one of them")]
    [InlineData("from=set/scene-1.png&at=set/scene-1.png", "only one of them")]
    [InlineData("limit=0", "1..500")]
    [InlineData("limit=501", "1..500")]
    public async Task A_question_that_cannot_be_answered_is_refused_with_its_reason(string query, string reason)
    {
        using var answer = await Client.GetAsync($"/jobs/{await fixture.SharedJobAsync()}/images?{query}");
        Assert.Contains(reason, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_and_masks_are_shrunk_and_keep_their_shape_and_colours()
    {
        var id = await fixture.SharedJobAsync();
        var image = (await FindAsync(id, "status=ok")).First(image => image.Pixels!.Count > 1);
        var document = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/document"))!;
        var colors = document["labels"]!.AsArray().ToDictionary(label => label!["name"]!.GetValue<string>(), label => label!["color"]!.GetValue<string>());
        Assert.Equal("#000000", colors["grass"]);

        using var picture = await Client.GetAsync($"/jobs/{id}/thumbnails/picture?name={Uri.EscapeDataString(image.Image)}&side=64");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        var small = ImageDecoder.Decode(await picture.Content.ReadAsByteArrayAsync(), Limits);
        Assert.Equal((64, 48), (small.Width, small.Height));
        Assert.Contains("max-age", picture.Headers.CacheControl?.ToString(), StringComparison.Ordinal);

        var png = await Client.GetByteArrayAsync($"/jobs/{id}/thumbnails/mask?name={Uri.EscapeDataString(image.Mask!)}&side=64");
        var mask = ImageDecoder.Decode(png, Limits);
        Assert.Equal((64, 48), (mask.Width, mask.Height));
        var whole = ImageDecoder.Decode(await Client.GetByteArrayAsync($"/jobs/{id}/thumbnails/mask?name={Uri.EscapeDataString(image.Mask!)}&side=2048"), Limits);
        Assert.Equal(image.Pixels!.Select(item => (colors[item.Key], item.Value)).Order(), Colors(whole).Order());
    }

    [Fact]
    public async Task A_picture_that_was_replaced_since_is_not_shown_for_the_one_that_was_labelled()
    {
        var container = await fixture.ContainerAsync(1);
        var id = await fixture.CompleteAsync(JobFixture.Request($"{container}/set/"));
        var tag = Assert.Single(await FindAsync(id, "")).InputETag!;
        var address = $"/jobs/{id}/thumbnails/picture?name=set/scene-1.png";
        using (var same = await Client.GetAsync($"{address}&etag={Uri.EscapeDataString(tag)}"))
            Assert.Equal((HttpStatusCode.OK, tag), (same.StatusCode, same.Headers.GetValues("X-Input-ETag").Single()));
        await fixture.Account.Container(container).WriteAsync("set/scene-1.png", JobServers.Picture(6), WriteCondition.None, CancellationToken.None);
        using var other = await Client.GetAsync($"{address}&etag={Uri.EscapeDataString(tag)}");
        Assert.Contains("'set/scene-1.png' is another picture now than the one that job", await JobFixture.ProblemAsync(other, HttpStatusCode.Conflict), StringComparison.Ordinal);
        using var whichever = await Client.GetAsync(address);
        Assert.NotEqual(tag, whichever.Headers.GetValues("X-Input-ETag").Single());
    }

    [Fact]
    public async Task What_cannot_be_shown_is_a_refusal_that_says_why()
    {
        var container = await fixture.ContainerAsync(1, ("set/broken.jpg", [1, 2, 3]), ("other/secret.png", JobServers.Picture(1)));
        var id = await fixture.CompleteAsync(JobFixture.Request($"{container}/set/"));
        async Task RefusedAsync(string rest, HttpStatusCode status, string reason)
        {
            using var answer = await Client.GetAsync($"/jobs/{id}/thumbnails/{rest}");
            Assert.Contains(reason, await JobFixture.ProblemAsync(answer, status), StringComparison.Ordinal);
        }

        await RefusedAsync("picture?name=set/broken.jpg", HttpStatusCode.UnprocessableEntity, "cannot be shown");
        await RefusedAsync("picture?name=other/secret.png", HttpStatusCode.NotFound, "set/");
        await RefusedAsync("picture?name=set/gone.png", HttpStatusCode.NotFound, "gone.png");
        await RefusedAsync("picture?name=set/scene-1.png&side=9999", HttpStatusCode.BadRequest, "2048");
        await RefusedAsync("picture", HttpStatusCode.BadRequest, "name");
        await RefusedAsync("mask?name=job.json", HttpStatusCode.BadRequest, "masks/");
        await RefusedAsync("mask?name=masks/../job.json", HttpStatusCode.BadRequest, "masks/");
        await RefusedAsync("mask?name=masks/none.png", HttpStatusCode.NotFound, "none.png");
    }

    [Fact]
    public async Task A_job_of_many_shards_is_gone_through_page_by_page_and_each_image_is_met_once()
    {
        const int Shards = 40;
        var id = await fixture.WrittenJobAsync(Shards, shard => [.. Enumerable.Range(0, 5).Select(i => Result($"{shard:000}-{i}.png", confidence: (shard * 7 + i * 13) % 101 / 101.0))], drafts: 3);
        var names = new List<string>();
        for (var offset = 0; offset < Shards * 5; offset += 7)
        {
            var page = await PageAsync(id, $"limit=7&offset={offset}");
            Assert.Equal((offset, Shards * 5, Shards * 5), (page["offset"]!.GetValue<int>(), page["total"]!.GetValue<int>(), page["indexed"]!.GetValue<int>()));
            names.AddRange(page["images"]!.AsArray().Select(image => image!["image"]!.GetValue<string>()));
        }
        Assert.Equal(Shards * 5, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
        // What workers have done of the shards that they hold is there as well, behind the finished ones.
        Assert.StartsWith("039-", names[^1], StringComparison.Ordinal);

        var least = await PageAsync(id, "order=confidence&limit=9");
        var all = Enumerable.Range(0, Shards).SelectMany(shard => Enumerable.Range(0, 5).Select(i => (shard * 7 + i * 13) % 101 / 101.0)).Order().Take(9);
        Assert.Equal(all, least["images"]!.AsArray().Select(image => image!["mean_confidence"]!.GetValue<double>()));
        Assert.Equal(Shards * 5, least["total"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_page_of_an_image_is_found_and_what_is_decided_on_it_shows_at_once()
    {
        var id = await fixture.WrittenJobAsync(30, shard => [.. Enumerable.Range(0, 5).Select(i => Result($"{shard:000}-{i}.png", confidence: (shard * 5 + i) / 150.0))], drafts: 2);
        await PageAsync(id, "");
        var page = await PageAsync(id, "order=confidence&at=012-3.png&limit=10");
        Assert.Equal((60, 150), (page["offset"]!.GetValue<int>(), page["total"]!.GetValue<int>()));
        Assert.Equal(("012-3.png", 12), (page["images"]![3]!["image"]!.GetValue<string>(), page["images"]![3]!["shard"]!.GetValue<int>()));
        using (var none = await Client.GetAsync($"/jobs/{id}/images?search=7&at=012-3.png"))
            Assert.Contains("'012-3.png' is not among the images", await JobFixture.ProblemAsync(none, HttpStatusCode.NotFound), StringComparison.Ordinal);

        var review = new JsonObject { ["reviewer"] = "ann", ["decision"] = "flagged", ["images"] = new JsonArray(new JsonObject { ["image"] = "012-3.png", ["shard"] = 12, ["revision"] = 0 }) };
        using (var answer = await Client.PostAsJsonAsync($"/jobs/{id}/review", review))
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var flagged = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/images?review=flagged"))!;
        Assert.Equal(1, flagged["total"]!.GetValue<int>());
        Assert.Equal("ann", flagged["images"]![0]!["review"]!["reviewer"]!.GetValue<string>());
        Assert.Equal(149, JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/images?review=open&order=doubt"))!["total"]!.GetValue<int>());
    }

    private static ImageResult Failed(string name) => new() { Image = name, Status = ImageStatus.Failed, Error = "no picture" };

    private static ImageResult Result(string name, double confidence) =>
        new() { Image = name, Status = ImageStatus.Ok, Mask = $"masks/{name}.png", Width = 4, Height = 3, MeanConfidence = confidence, Pixels = new Dictionary<string, long> { ["grass"] = 12 } };

    private static IEnumerable<(string Color, long Count)> Colors(RgbImage image) => Enumerable.Range(0, image.Width * image.Height)
        .GroupBy(i => new RgbColor(image.Pixels[i * 3], image.Pixels[i * 3 + 1], image.Pixels[i * 3 + 2]).ToString()).Select(group => (group.Key, (long)group.Count()));

    /// <summary>The result of an image, without what the gallery tells beside it.</summary>
    private static ImageResult Result(JsonObject image)
    {
        foreach (var key in (string[])["shard", "review", "corrected"])
            image.Remove(key);
        return ImageResult.TryParse(image.ToJsonString())!;
    }

    private async Task<ImageResult[]> FindAsync(string id, string query)
    {
        var page = await PageAsync(id, query);
        return [.. page["images"]!.AsArray().Select(image => Result(image!.AsObject()))];
    }

    /// <summary>A page of images, when all that the job has are known.</summary>
    private async Task<JsonNode> PageAsync(string id, string query)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (true)
        {
            var page = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/images?{query}", limit.Token))!;
            if (page["complete"]!.GetValue<bool>())
                return page;
            await Task.Delay(50, limit.Token);
        }
    }
}
