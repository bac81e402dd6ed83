using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Tests.Judging;

/// <summary>What the page asks, over HTTP.</summary>
public sealed class JudgeEndpointTests(JudgedScenes demo) : IClassFixture<JudgedScenes>, IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    private static string Labels => JsonSerializer.Serialize(JudgedScenes.Renamed.Select(item => new { name = item.Name }));

    public async ValueTask InitializeAsync()
    {
        _app = LocalWorkbench.Build(demo.Other, port: 0);
        await _app.StartAsync();
        _client.BaseAddress = new Uri($"{_app.Urls.Single()}/workbench/sessions/demo/");
    }

    [Fact]
    public async Task Wishes_and_ground_truth_are_judged()
    {
        var found = JudgedScenes.Renamed[demo.Map(0, JudgedScenes.Renamed, new LiveSettings())[2 * 256 + 3]].Name;
        var other = JudgedScenes.Renamed.First(item => item.Name != found).Name;

        var answer = await PostAsync("judge", $$"""
            {"labels": {{Labels}}, "settings": {"probability_threshold": 0}, "settled": true,
             "wishes": [{"id": "w1", "picture": 0, "class": "{{found}}", "x": 3, "y": 2}, {"id": "w2", "picture": 0, "class": "{{other}}", "x": 3, "y": 2, "width": 1, "height": 1}]}
            """);

        Assert.Equal([("w1", true, 1.0, found), ("w2", false, 0.0, found)], answer["wishes"]!.AsArray().Select(wish => ((string)wish!["id"]!, (bool)wish["held"]!, (double)wish["share"]!, (string)wish["is"]!)));
        Assert.Equal((1, 1), ((int)answer["held"]!, (int)answer["missed"]!));
        Assert.Equal((0, JudgedScenes.Scenes), ((int)answer["waiting"]!, (int)answer["truth"]!["pictures"]!));
        Assert.InRange((double)answer["truth"]!["miou"]!, 0.01, 0.99);
        Assert.Equal(JudgedScenes.Labels.Count, answer["truth"]!["classes"]!.AsArray().Count);
        Assert.Empty(answer["draft"]!.AsArray());
    }

    [Fact]
    public async Task Suggestions_come_line_by_line_and_can_be_sent_back()
    {
        using var response = await _client.PostAsync("suggest", Body($$"""{"labels": {{Labels}}, "settings": {}, "wishes": [], "pool": {"noise": ["grass"]}, "lexicon": false}"""));

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.All(lines[..^1], line => Assert.InRange((double)line["progress"]!, 0, 1));
        var best = lines[^1]["suggestions"]![0]!;
        Assert.Equal(("add", "noise", "grass"), ((string?)best["change"], (string?)best["class"], (string?)best["name"]));
        Assert.Equal(1, (int)lines[^1]["tried"]!);
        var judged = await PostAsync("judge", $$"""{"labels": {{best["labels"]!.ToJsonString()}}, "settings": {{best["settings"]!.ToJsonString()}}, "wishes": [], "settled": true}""");
        Assert.Equal((double)best["miou"]!, (double)judged["truth"]!["miou"]!, 0.03);
    }

    [Theory]
    [InlineData("""{"labels": [{"name": "sky"}], "wishes": [{"id": "w1", "picture": 99, "class": "sky", "x": 3, "y": 2}]}""", HttpStatusCode.NotFound, "There is no picture 99")]
    [InlineData("""{"labels": [{"name": "sky"}], "wishes": [{"id": "w1", "picture": 0, "class": "sky", "x": 3, "y": 2, "width": 0}]}""", HttpStatusCode.BadRequest, "The wish w1 at 3,2 of 0 x 1 pixels")]
    [InlineData("""{"labels": [{"name": "sky"}], "wishes": [null]}""", HttpStatusCode.BadRequest, "A wish is null")]
    [InlineData("""{"labels": [{"name": "sky"}], "settings": {"probability_threshold": 0.5}}""", HttpStatusCode.BadRequest, "none of the classes is it")]
    public async Task What_cannot_be_judged_is_refused_before_the_first_line(string body, HttpStatusCode status, string reason)
    {
        foreach (var question in (string[])["judge", "suggest"])
        {
            using var response = await _client.PostAsync(question, Body(body));

            Assert.Equal(status, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Contains(reason, (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_fails_on_the_way_is_the_last_line()
    {
        var held = new TaskCompletionSource();
        var turn = demo.Other.Engine.RunAsync(_ => held.Task.Wait(TimeSpan.FromMinutes(5)), default);
        Task<string>[] both = [PostSuggest(), PostSuggest()];

        var superseded = await Task.WhenAny(both);
        held.SetResult();

        Assert.True(await turn);
        Assert.Equal("A later request took the place of this one.", (string?)Last(await superseded)["error"]);
        Assert.NotNull(Last(await both.Single(other => other != superseded))["suggestions"]);

        static JsonNode Last(string lines) => JsonNode.Parse(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;

        async Task<string> PostSuggest() => await (await _client.PostAsync("suggest", Body($$"""{"labels": {{Labels}}}"""))).Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task A_pixel_tells_its_class_by_the_ground_truth()
    {
        var truth = demo.Other.Judge.Truth!.Find(demo.Other.Pictures[0])!;

        var answer = await PostAsync("pixel", $$"""{"labels": {{Labels}}, "picture": 0, "x": 100, "y": 80}""");

        Assert.Equal(JudgedScenes.Renamed[truth.At(100, 80, (256, 192))].Name, (string?)answer["truth"]);
    }

    private async Task<JsonNode> PostAsync(string question, string body)
    {
        using var response = await _client.PostAsync(question, Body(body));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
    }
}
