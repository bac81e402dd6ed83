using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Formats;
using Sclip.Imaging;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Reviews and corrections of a real job over HTTP.</summary>
public sealed class ReviewTests(JobFixture fixture)
{
    private static readonly RgbColor[] Colors = Palette.PascalVoc(3);

    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task Decisions_are_counted_streamed_and_refused_where_somebody_was_faster()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(4)}/set/"));
        Assert.Equal((4, 4, 0), await CountsAsync(id));
        var made = await DecideAsync(id, "Ada", "accepted", "good \"edges\"", Target("set/scene-1.png"), Target("set/scene-2.png"), Target("set/none.png"));
        Assert.Equal([true, true, false], made.Select(outcome => outcome!["ok"]!.GetValue<bool>()));
        Assert.Contains("set/none.png", made[2]!["problem"]!.GetValue<string>(), StringComparison.Ordinal);
        var late = Assert.Single(await DecideAsync(id, "Bob", "rejected", null, Target("set/scene-1.png")))!;
        Assert.Equal((false, "Ada", 1), (late["ok"]!.GetValue<bool>(), late["entry"]!["reviewer"]!.GetValue<string>(), late["entry"]!["revision"]!.GetValue<int>()));
        Assert.True(Assert.Single(await DecideAsync(id, "Bob", "flagged", null, Target("set/scene-1.png", revision: 1)))!["ok"]!.GetValue<bool>());

        var summary = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/review"))!;
        Assert.Equal("""{"images":4,"accepted":1,"rejected":0,"flagged":1,"open":2,"stale":0,"corrected":0,"corrected_stale":0,"corrected_unused":0,"by_reviewer":{"Ada":1,"Bob":1}}""", summary.ToJsonString());
        var lines = await LinesAsync(id);
        Assert.Equal([("set/scene-1.png", "flagged", "Bob", null), ("set/scene-2.png", "accepted", "Ada", "good \"edges\"")], lines.Select(line =>
            (line["image"]!.GetValue<string>(), line["decision"]!.GetValue<string>(), line["reviewer"]!.GetValue<string>(), line["note"]?.GetValue<string>())));
    }

    [Fact]
    public async Task A_corrected_mask_stands_beside_the_machines_and_is_replaced_only_by_who_saw_it()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(2)}/set/"));
        var machine = await Client.GetByteArrayAsync($"/jobs/{id}/masks/set/scene-1.png.png");
        var (labels, width, height) = MaskDecoder.Read(machine, ImageLimits.Default);
        labels.AsSpan(0, 100).Fill(2);

        using var first = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Ada&shard=0", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var tag = first.Headers.ETag!;
        Assert.Equal(tag.Tag.Trim('"'), (await JobFixture.ReadAsync(first))["sha256"]!.GetValue<string>());
        // Without the shard it is found as well; without a condition it takes the place of the one before.
        labels.AsSpan(0, 100).Fill(1);
        using var early = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Bob", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any));
        Assert.Contains("corrected already", await JobFixture.ProblemAsync(early, HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        using var second = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Bob", request => request.Headers.IfMatch.Add(tag));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        labels.AsSpan(0, 100).Fill(0);
        using var late = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Ada", request => request.Headers.IfMatch.Add(tag));
        Assert.Contains("somebody was faster", await JobFixture.ProblemAsync(late, HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);

        using var read = await Client.GetAsync($"/jobs/{id}/corrections/set/scene-1.png");
        Assert.Equal(second.Headers.ETag, read.Headers.ETag);
        labels.AsSpan(0, 100).Fill(1);
        Assert.Equal(labels, MaskDecoder.Read(await read.Content.ReadAsByteArrayAsync(), ImageLimits.Default).Labels);
        Assert.Equal(machine, await Client.GetByteArrayAsync($"/jobs/{id}/masks/set/scene-1.png.png"));
        var line = Assert.Single(await LinesAsync(id));
        Assert.Equal(("none", "Bob"), (line["decision"]!.GetValue<string>(), line["corrected_by"]!.GetValue<string>()));
        using var small = await Client.GetAsync($"/jobs/{id}/thumbnails/mask?name={line["corrected"]!.GetValue<string>()}");
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal((2, 2, 1), await CountsAsync(id));
    }

    [Fact]
    public async Task A_correction_is_taken_back_by_who_names_it_and_the_machines_mask_counts_again()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(2)}/set/"));
        var (labels, width, height) = MaskDecoder.Read(await Client.GetByteArrayAsync($"/jobs/{id}/masks/set/scene-1.png.png"), ImageLimits.Default);
        labels.AsSpan(0, 100).Fill(2);
        using var made = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Ada", _ => { });
        var (tag, name) = (made.Headers.ETag!, (await JobFixture.ReadAsync(made))["mask"]!.GetValue<string>());
        // Who saw the machine's mask does not decide on another.
        var unseen = Assert.Single(await DecideAsync(id, "Bob", "accepted", null, Target("set/scene-1.png", mask: "masks/set/scene-1.png.png")))!;
        Assert.Contains("which Ada corrected", unseen["problem"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(Assert.Single(await DecideAsync(id, "Bob", "accepted", null, Target("set/scene-1.png", mask: name)))!["ok"]!.GetValue<bool>());

        foreach (var (match, status, reason) in ((string?, HttpStatusCode, string)[])[(null, HttpStatusCode.BadRequest, "taken back by its tag"), ("\"other\"", HttpStatusCode.PreconditionFailed, "somebody was faster")])
        {
            using var refused = await WithdrawAsync(id, "set/scene-1.png", match);
            Assert.Contains(reason, await JobFixture.ProblemAsync(refused, status), StringComparison.Ordinal);
        }
        using (var withdrawn = await WithdrawAsync(id, "set/scene-1.png", tag.ToString()))
            Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        using (var again = await WithdrawAsync(id, "set/scene-1.png", "*"))
            Assert.Contains("is not corrected", await JobFixture.ProblemAsync(again, HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Equal((2, 2, 0), await CountsAsync(id));
        Assert.Contains(name, await fixture.BlobsAsync(id));
        // Of the corrected mask: what is there now was not decided on.
        Assert.True(Assert.Single(await LinesAsync(id))["stale"]!.GetValue<bool>());

        using var renewed = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Ada", request => request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any));
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.False(Assert.Single(await LinesAsync(id)).AsObject().ContainsKey("stale"));
        using var whichever = await WithdrawAsync(id, "set/scene-1.png", "*");
        Assert.Equal(HttpStatusCode.NoContent, whichever.StatusCode);
    }

    [Fact]
    public async Task Masks_that_come_down_with_corrected_ones_are_exported_from_where_they_are_unpacked()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(2)}/set/"));
        var (labels, width, height) = MaskDecoder.Read(await Client.GetByteArrayAsync($"/jobs/{id}/masks/set/scene-1.png.png"), ImageLimits.Default);
        labels.AsSpan(0, 2_000).Fill(2);
        using (var made = await CorrectAsync(id, "set/scene-1.png", Png(labels, width, height), "by=Ada", _ => { }))
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var folder = Directory.CreateTempSubdirectory("sclip-unpacked-");
        var export = Directory.CreateTempSubdirectory("sclip-exported-");
        try
        {
            await using (var zip = await Client.GetStreamAsync($"/jobs/{id}/download"))
                await ZipFile.ExtractToDirectoryAsync(zip, folder.FullName);
            var results = (await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "results.jsonl"))).Select(line => ImageResult.TryParse(line)!).ToDictionary(result => result.Image);
            Assert.Equal(labels.LongCount(label => label == 2), results["set/scene-1.png"].Pixels!["a house"]);
            Assert.Equal((0.0, true, false), (results["set/scene-1.png"].Doubt, results["set/scene-1.png"].IsCorrected, results["set/scene-2.png"].IsCorrected));
            var problems = new List<string>();
            var options = new ExportOptions { Format = ExportFormat.Find("npy")!, MaxRegionDoubt = 1 };
            var outcome = await Exporter.RunAsync(ExportSource.OfFolder(folder.FullName, labels: null), export.FullName, options, (image, reason) => problems.Add($"{image}: {reason}"), progress: null, CancellationToken.None);
            // The machine's mask has no doubt map here, and people's needs none.
            Assert.StartsWith("set/scene-2.png: it has no doubt map", Assert.Single(problems), StringComparison.Ordinal);
            Assert.Equal(1, outcome.Summary.Exported);
        }
        finally
        {
            folder.Delete(recursive: true);
            export.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task More_masks_than_are_held_at_once_are_told_to_come_again_before_they_are_read()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/"));
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        var pipes = Enumerable.Range(0, 4).Select(_ => new Pipe()).ToArray();
        // Enough for a client to send what it has so far.
        foreach (var pipe in pipes)
            await pipe.Writer.WriteAsync(new byte[32 << 10]);
        var slow = pipes.Select(pipe => CorrectAsync(id, "set/scene-1.png", new StreamContent(pipe.Reader.AsStream()), "by=Ada")).ToArray();
        // Until all four have a turn, this one has: it is refused for what it is.
        while (await FifthAsync() != HttpStatusCode.ServiceUnavailable)
            limit.Token.ThrowIfCancellationRequested();
        foreach (var pipe in pipes)
            await pipe.Writer.CompleteAsync();
        foreach (var answer in await Task.WhenAll(slow))
            using (answer)
                Assert.Contains("no PNG", await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await FifthAsync());

        async Task<HttpStatusCode> FifthAsync()
        {
            using var answer = await CorrectAsync(id, "set/scene-1.png", [1, 2, 3], "by=Ada", _ => { });
            Assert.Equal(answer.StatusCode == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_mask_that_does_not_fit_its_image_is_refused_with_the_reason_and_changes_nothing()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(1, ("set/broken.jpg", [1, 2, 3]))}/set/"));
        var (labels, width, height) = MaskDecoder.Read(await Client.GetByteArrayAsync($"/jobs/{id}/masks/set/scene-1.png.png"), ImageLimits.Default);
        async Task RefusedAsync(string image, byte[] file, HttpStatusCode status, string reason, string query = "by=Ada", string? match = null)
        {
            using var answer = await CorrectAsync(id, image, file, query, request => request.Headers.TryAddWithoutValidation("If-Match", match));
            Assert.Contains(reason, await JobFixture.ProblemAsync(answer, status), StringComparison.Ordinal);
        }

        await RefusedAsync("set/scene-1.png", Png(new ushort[12], 4, 3), HttpStatusCode.BadRequest, $"4 x 3 pixels, and 'set/scene-1.png' has {width} x {height}");
        labels[width + 3] = 7;
        await RefusedAsync("set/scene-1.png", Png(labels, width, height, colors: 8), HttpStatusCode.BadRequest, "class 7 at 3,1, and job");
        await RefusedAsync("set/scene-1.png", [1, 2, 3], HttpStatusCode.BadRequest, "no PNG");
        await RefusedAsync("set/scene-1.png", [], HttpStatusCode.BadRequest, "no PNG");
        await RefusedAsync("set/broken.jpg", Png(new ushort[12], 4, 3), HttpStatusCode.BadRequest, "could not be labelled");
        await RefusedAsync("set/none.png", Png(new ushort[12], 4, 3), HttpStatusCode.NotFound, "set/none.png");
        await RefusedAsync("set/scene-1.png", Png(new ushort[12], 4, 3), HttpStatusCode.NotFound, "Shard 5", "by=Ada&shard=5");
        await RefusedAsync("set/scene-1.png", Png(new ushort[12], 4, 3), HttpStatusCode.BadRequest, "by must be a name", "by=%20");
        await RefusedAsync("set/scene-1.png", Png(new ushort[12], 4, 3), HttpStatusCode.BadRequest, "by must be a name", "");
        await RefusedAsync("set/scene-1.png", Png(new ushort[12], 4, 3), HttpStatusCode.BadRequest, "If-Match", match: "*");
        using var none = await Client.GetAsync($"/jobs/{id}/corrections/set/scene-1.png");
        Assert.Contains("is not corrected", await JobFixture.ProblemAsync(none, HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.DoesNotContain(await fixture.BlobsAsync(id), name => name.StartsWith("correction", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"reviewer": "", "decision": "accepted", "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "reviewer must be a name")]
    [InlineData("""{"reviewer": "a\u0007b", "decision": "accepted", "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "control character")]
    [InlineData("""{"reviewer": "Ada", "decision": "good", "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "must be one of none, accepted, rejected, flagged")]
    [InlineData("""{"reviewer": "Ada", "decision": "accepted", "images": []}""", "images must name 1 to 500")]
    [InlineData("""{"reviewer": "Ada", "decision": "accepted", "images": [null]}""", "null")]
    [InlineData("""{"reviewer": "Ada", "decision": "accepted", "images": [{"image": "a", "shard": -1, "revision": 0}]}""", "must be 0 or more")]
    [InlineData("""{"reviewer": "Ada", "decision": "accepted", "images": [{"image": "a", "shard": 0}]}""", "'revision' is missing")]
    [InlineData("""{"reviewer": "Ada", "decision": "accepted", "images": [{"image": "a", "shard": 0, "revision": 0}], "by": 1}""", "$.by is unknown")]
    [InlineData("", "The body is empty")]
    public async Task A_decision_that_cannot_be_read_is_refused(string body, string reason)
    {
        var id = await fixture.WrittenJobAsync(1, _ => [], drafts: 0);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await Client.PostAsync($"/jobs/{id}/review", content);
        Assert.Contains(reason, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_not_there_has_no_reviews()
    {
        foreach (var rest in (string[])["review", "review/images", "corrections/a.png"])
        {
            using var answer = await Client.GetAsync($"/jobs/none/{rest}");
            await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound);
        }
    }

    private static JsonObject Target(string image, int shard = 0, int revision = 0, string? mask = null) => new() { ["image"] = image, ["shard"] = shard, ["revision"] = revision, ["mask"] = mask };

    private static byte[] Png(ushort[] labels, int width, int height, int colors = 3)
    {
        using var file = new MemoryStream();
        MaskEncoder.Write(file, labels, width, height, colors == Colors.Length ? Colors : Palette.PascalVoc(colors));
        return file.ToArray();
    }

    private async Task<JsonArray> DecideAsync(string id, string reviewer, string decision, string? note, params JsonObject[] images)
    {
        using var answer = await Client.PostAsJsonAsync($"/jobs/{id}/review", new JsonObject { ["reviewer"] = reviewer, ["decision"] = decision, ["note"] = note, ["images"] = new JsonArray([.. images]) });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return Assert.IsType<JsonArray>(JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<HttpResponseMessage> CorrectAsync(string id, string image, byte[] mask, string query, Action<HttpRequestMessage> configure)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/jobs/{id}/corrections/{image}?{query}") { Content = new ByteArrayContent(mask) { Headers = { ContentType = new("image/png") } } };
        configure(request);
        return await Client.SendAsync(request);
    }

    private Task<HttpResponseMessage> CorrectAsync(string id, string image, HttpContent mask, string query) => Client.PutAsync($"/jobs/{id}/corrections/{image}?{query}", mask);

    private async Task<HttpResponseMessage> WithdrawAsync(string id, string image, string? match)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/jobs/{id}/corrections/{image}");
        request.Headers.TryAddWithoutValidation("If-Match", match);
        return await Client.SendAsync(request);
    }

    private async Task<JsonNode[]> LinesAsync(string id) =>
        [.. (await Client.GetStringAsync($"/jobs/{id}/review/images")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private async Task<(int Images, int Open, int Corrected)> CountsAsync(string id)
    {
        var summary = JsonNode.Parse(await Client.GetStringAsync($"/jobs/{id}/review"))!;
        return (summary["images"]!.GetValue<int>(), summary["open"]!.GetValue<int>(), summary["corrected"]!.GetValue<int>());
    }
}
