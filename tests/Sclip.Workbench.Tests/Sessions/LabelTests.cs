using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Workbench.Tests.Sessions;

public sealed class LabelTests
{
    private static readonly object[] Labels = [.. DemoSession.Classes.Select(label => new { name = label.Name })];

    [Fact]
    public async Task Masks_are_those_that_the_pictures_get_by_the_same_names()
    {
        await using var demo = await (await DemoSession.Make(2).ServeAsync()).ReadyAsync();
        var (header, maps) = await LabelAsync(demo, new { labels = Labels, pictures = new[] { 0, 1 }, side = 2048, settled = true });
        Assert.Empty(header["draft"]!.AsArray());
        using var segmenter = new ManagedSegmenter(demo.Engine.Model);
        var embeddings = demo.Engine.Model.EmbedLabels(LabelSet.Load(DemoSession.Names), demo.Session.Setup.Templates, cacheDirectory: null);
        for (var i = 0; i < 2; i++)
        {
            var picture = ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(DemoSession.Folder, "pictures", $"scene-{i + 1}.png")), ImageLimits.Default);
            var resized = ImageResizer.ShortSide(picture, demo.Session.Setup.Options.ShortSide);
            var input = new SegmentationInput { Rgb = resized.Pixels, Width = resized.Width, Height = resized.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
            var expected = segmenter.Segment([input], embeddings, demo.Session.Setup.Options.Segmentation)[0];
            Assert.Equal((picture.Width, picture.Height), ((int)header["pictures"]![i]!["width"]!, (int)header["pictures"]![i]!["height"]!));
            Assert.InRange(expected.LabelMap.Zip(maps[i]).Count(pair => pair.First != pair.Second), 0, expected.LabelMap.Length / 1000);
            Assert.Equal(maps[i].Length, header["pictures"]![i]!["pixels"]!.AsArray().Sum(count => (long)count!));
        }
    }

    [Fact]
    public async Task A_name_that_is_new_is_a_draft_until_it_is_settled()
    {
        await using var demo = await (await DemoSession.Make(1).ServeAsync()).ReadyAsync();
        // The demo's model has few templates of its own: with the paper's 80 there are drafts.
        await using var many = await (await DemoSession.Make(1, setup => setup with { Templates = PromptTemplates.ImageNet }).ServeAsync()).ReadyAsync();
        object labels = new object[] { new { name = "crag" }, new { name = "welkin", synonyms = new[] { "heaven" } } };
        Assert.Empty((await LabelAsync(demo, new { labels, pictures = new[] { 0 } })).Header["draft"]!.AsArray());
        Assert.Equal(["crag", "welkin", "heaven"], (await LabelAsync(many, new { labels, pictures = new[] { 0 } })).Header["draft"]!.AsArray().Select(name => (string)name!));
        Assert.Empty((await LabelAsync(many, new { labels, pictures = new[] { 0 }, settled = true })).Header["draft"]!.AsArray());
        Assert.Empty((await LabelAsync(many, new { labels, pictures = new[] { 0 } })).Header["draft"]!.AsArray());
    }

    [Fact]
    public async Task A_later_request_takes_the_place_of_one_that_waits()
    {
        await using var demo = await (await DemoSession.Make(1).ServeAsync()).ReadyAsync();
        var (begun, release) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var busy = demo.Engine.RunAsync(_ =>
        {
            begun.SetResult();
            release.Wait();
            return true;
        }, CancellationToken.None);
        await begun.Task;
        var first = demo.Client.PostAsJsonAsync("label", new { labels = Labels, pictures = new[] { 0 } });
        // The second is sent once the first waits: it is the one that is answered.
        while (demo.Engine.Asking == 0)
            await Task.Delay(5);
        var second = demo.Client.PostAsJsonAsync("label", new { labels = Labels, pictures = new[] { 0 } });
        Assert.Equal(HttpStatusCode.Conflict, (await first).StatusCode);
        release.Set();
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        await busy;
    }

    [Theory]
    [InlineData("""{"labels":[],"pictures":[0]}""", 400, "class")]
    [InlineData("""{"labels":[{"name":"sky"},{"name":"sky"}],"pictures":[0]}""", 400, "sky")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[0],"settings":{"probability_threshold":0.5}}""", 400, "background")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[0],"settings":{"probability_threshold":1.5}}""", 400, "0..1")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[0],"settings":{"logit_scale":-1}}""", 400, "scale")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[7]}""", 404, "no picture 7")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[0],"side":1}""", 400, "side")]
    [InlineData("""{"labels":[{"name":"sky"}],"pictures":[0],"sied":100}""", 400, "sied")]
    [InlineData("""{"labels":[{"name":"sky"}]}""", 400, "pictures")]
    [InlineData("{", 400, "JSON")]
    public async Task What_cannot_be_labelled_is_refused_in_a_sentence(string body, int status, string words)
    {
        await using var demo = await (await DemoSession.Make(1).ServeAsync()).ReadyAsync();
        using var answer = await demo.Client.PostAsync("label", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(words, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_best_names_at_a_pixel_are_those_of_its_mask()
    {
        await using var demo = await (await DemoSession.Make(1).ServeAsync()).ReadyAsync();
        var (header, maps) = await LabelAsync(demo, new { labels = Labels, pictures = new[] { 0 }, side = 2048, settled = true });
        var width = (int)header["pictures"]![0]!["width"]!;
        foreach (var (x, y) in ((int, int)[])[(5, 5), (100, 60), (width - 1, 120)])
        {
            var found = await AskAsync(demo, "pixel", new { labels = Labels, picture = 0, x, y, settled = true });
            Assert.Equal(DemoSession.Classes[maps[0][y * width + x]].Name, (string)found["class"]!);
            var names = found["names"]!.AsArray();
            Assert.Equal(5, names.Count);
            Assert.Equal((string)found["class"]!, (string)names[0]!["class"]!);
            Assert.Equal(names.Select(name => (double)name!["cosine"]!).OrderDescending(), names.Select(name => (double)name!["cosine"]!));
            Assert.InRange(names.Sum(name => (double)name!["probability"]!), 0.998, 1.002);
        }
        // Logits of thousands.
        var sharp = await AskAsync(demo, "pixel", new { labels = Labels, picture = 0, x = 5, y = 5, settled = true, settings = new { logit_scale = 10_000 } });
        Assert.InRange(sharp["names"]!.AsArray().Sum(name => (double)name!["probability"]!), 0.998, 1.002);
        using var outside = await demo.Client.PostAsJsonAsync("pixel", new { labels = Labels, picture = 0, x = width, y = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, outside.StatusCode);
    }

    [Fact]
    public async Task The_heat_of_a_pixel_is_highest_at_itself()
    {
        await using var demo = await (await DemoSession.Make(2).ServeAsync()).ReadyAsync();
        using var answer = await demo.Client.PostAsJsonAsync("heat", new { picture = 1, x = 40, y = 30, pictures = new[] { 0, 1 }, side = 2048 });
        var (header, values) = Split(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        var own = header["pictures"]![1]!;
        Assert.Equal(1, (int)own["index"]!);
        Assert.InRange((double)own["highest"]!, 0.9, 1.0001);
        var map = values.AsSpan((int)own["offset"]!, (int)own["width"]! * (int)own["height"]!);
        Assert.True(map[30 * (int)own["width"]! + 40] >= 250);
        Assert.True(map.Contains((byte)0));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_fails_alone()
    {
        await using var demo = await (await DemoSession.Make(2, setup => setup with { Pictures = [setup.Pictures[0], setup.Pictures[1] with { BlobName = "scene-99.png" }] }).ServeAsync()).ReadyAsync();
        var view = await demo.Client.GetFromJsonAsync<JsonObject>("../demo");
        Assert.Equal((1, 1), ((int)view!["ready"]!, (int)view["failed"]!));
        Assert.Equal("failed", (string)view["pictures"]![1]!["state"]!);
        Assert.Contains("does not exist", (string)view["pictures"]![1]!["error"]!, StringComparison.Ordinal);
        Assert.Single((await LabelAsync(demo, new { labels = Labels, pictures = new[] { 0, 1 } })).Maps);
    }

    [Fact]
    public async Task What_the_page_puts_is_there_after_a_reload_and_after_a_start()
    {
        using var folder = new Testing.TemporaryFolder();
        var file = folder["state/of.json"];
        await using (var demo = await DemoSession.Make(1, setup => setup with { StateFile = file }).ServeAsync())
        {
            Assert.Null((await demo.Client.GetFromJsonAsync<JsonObject>("../demo"))!["state"]);
            (await demo.Client.PutAsJsonAsync("state", new { typed = "sky, hea" })).EnsureSuccessStatusCode();
            Assert.Equal("sky, hea", (string)(await demo.Client.GetFromJsonAsync<JsonObject>("../demo"))!["state"]!["typed"]!);
            Assert.Equal(HttpStatusCode.BadRequest, (await demo.Client.PutAsync("state", new StringContent("[1"))).StatusCode);
            foreach (var broken in new[] { string.Concat(Enumerable.Repeat("{\"a\":", 63)) + "{}" + new string('}', 63), """{"a": "\ud800"}""", """{"\ud800": 1}""", """{"a": 1, "a": 2}""" })
                Assert.Equal(HttpStatusCode.BadRequest, (await demo.Client.PutAsync("state", new StringContent(broken))).StatusCode);
            // Which is told before it is sent, however long that takes: a client that sends all the same may find its connection closed.
            using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = demo.Client.BaseAddress };
            using var large = new HttpRequestMessage(HttpMethod.Put, "state") { Content = new StringContent($"{{\"a\":\"{new string('a', 1 << 20)}\"}}"), Headers = { ExpectContinue = true } };
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await patient.SendAsync(large)).StatusCode);
        }
        await using var again = await DemoSession.Make(1, setup => setup with { StateFile = file }).ServeAsync();
        Assert.Equal("sky, hea", (string)(await again.Client.GetFromJsonAsync<JsonObject>("../demo"))!["state"]!["typed"]!);
    }

    [Fact]
    public async Task Only_this_machine_is_answered_and_no_page_of_another_site()
    {
        await using var demo = await DemoSession.Make(1).ServeAsync();
        using var bent = new HttpRequestMessage(HttpMethod.Get, "../demo") { Headers = { Host = "workbench.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await demo.Client.SendAsync(bent)).StatusCode);
        using var forged = new HttpRequestMessage(HttpMethod.Post, "label") { Content = JsonContent.Create(new { labels = Labels, pictures = new[] { 0 } }), Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await demo.Client.SendAsync(forged)).StatusCode);
        using var picture = await demo.Client.GetAsync("pictures/0?side=64");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_ahead_gives_way_to_what_is_asked()
    {
        await using var demo = await (await DemoSession.Make(1).ServeAsync()).ReadyAsync();
        var (begun, given) = (new TaskCompletionSource(), 0);
        var ahead = demo.Engine.RunAheadAsync(token =>
        {
            begun.TrySetResult();
            if (Interlocked.Increment(ref given) == 1)
            {
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            }
            return true;
        }, CancellationToken.None);
        await begun.Task;
        Assert.Equal(7, await demo.Engine.AnswerAsync(_ => 7, CancellationToken.None));
        Assert.True(await ahead);
        Assert.Equal(2, given);
    }

    [Fact]
    public void Sessions_of_too_many_pictures_of_none_and_with_pamr_are_refused()
    {
        Assert.Contains("1 to 200", Assert.Throws<WorkbenchException>(() => DemoSession.Make(0)).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 200", Assert.Throws<WorkbenchException>(() => DemoSession.Make(1, setup => setup with { Pictures = [.. Enumerable.Repeat(setup.Pictures[0], 201)] })).Message, StringComparison.Ordinal);
        Assert.Contains("PAMR", Assert.Throws<WorkbenchException>(() => DemoSession.Make(1, setup => setup with { Options = setup.Options with { Segmentation = setup.Options.Segmentation with { PamrSteps = 1 } } })).Message, StringComparison.Ordinal);
    }

    private static async Task<(JsonObject Header, ushort[][] Maps)> LabelAsync(DemoSession demo, object request)
    {
        using var answer = await demo.Client.PostAsJsonAsync("label", request);
        var (header, values) = Split(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        return (header, [.. header["pictures"]!.AsArray().Select(picture =>
            MemoryMarshal.Cast<byte, ushort>(values.AsSpan((int)picture!["offset"]!, 2 * (int)picture["width"]! * (int)picture["height"]!)).ToArray())]);
    }

    private static (JsonObject Header, byte[] Values) Split(byte[] frame)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame);
        Assert.Equal(0, (sizeof(int) + length) % 4);
        return (JsonNode.Parse(frame.AsSpan(sizeof(int), length))!.AsObject(), frame[(sizeof(int) + length)..]);
    }

    private static async Task<JsonObject> AskAsync(DemoSession demo, string what, object request)
    {
        using var answer = await demo.Client.PostAsJsonAsync(what, request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
