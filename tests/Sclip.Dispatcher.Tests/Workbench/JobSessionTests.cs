using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Tests.Workbench;

/// <summary>Sessions of the workbench with pictures of jobs, through the dispatcher.</summary>
public sealed class JobSessionTests(WorkbenchFixture workbench) : IClassFixture<WorkbenchFixture>
{
    private static readonly string[] Scenes = [.. Enumerable.Range(1, 8).Select(i => $"set/scene-{i}.png")];

    [Fact]
    public async Task A_session_takes_what_a_job_kept_of_its_pictures_though_they_are_gone_and_all_that_they_depend_on()
    {
        var job = await workbench.KeptJobAsync();
        var begun = await workbench.BeginAsync(new { job, count = 5 });
        Assert.Equal((job, "kept (least sure)", "demo/model", "maskclip", 60), ((string?)begun["job"], (string?)begun["title"], (string?)begun["model"], (string?)begun["method"], (int?)begun["logit_scale"]));
        Assert.Equal(["grass", "sky", "a house"], begun["labels"]!.AsArray().Select(label => (string?)label!["name"]));
        var session = await workbench.ReadyAsync((string)begun["id"]!);
        // Only kept features can be there: the pictures are not.
        Assert.Equal((5, 0), ((int?)session["ready"], (int?)session["failed"]));
        Assert.Equal(await LeastSureAsync(job, 5), WorkbenchFixture.Names(session));

        var list = JsonNode.Parse(await workbench.Client.GetStringAsync("/workbench"))!;
        Assert.True((bool?)list["jobs"]);
        Assert.Contains(list["sessions"]!.AsArray(), line => (string?)line!["id"] == (string?)session["id"] && (int?)line["ready"] == 5);
        await workbench.EndAsync(session);
        using var gone = await workbench.Client.GetAsync($"/workbench/sessions/{session["id"]}");
        Assert.Contains("no such session", await JobFixture.ProblemAsync(gone, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_of_a_job_without_features_are_computed_and_labelled_by_names_as_they_are_typed()
    {
        var session = await workbench.BeginAsync(new { job = await workbench.Jobs.SharedJobAsync(), count = 2, order = "chance" });
        var id = (string)session["id"]!;
        Assert.Equal(2, (int?)(await workbench.ReadyAsync(id))["ready"]);
        var labels = new[] { new { name = "grass" }, new { name = "the sky" } };
        using var answer = await workbench.Client.PostAsJsonAsync($"/workbench/sessions/{id}/label", new { labels, pictures = new[] { 0, 1 }, side = 128 });
        Assert.Equal((HttpStatusCode.OK, "application/octet-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var frame = await answer.Content.ReadAsByteArrayAsync();
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame);
        var pictures = JsonNode.Parse(Encoding.UTF8.GetString(frame, 4, length))!["pictures"]!.AsArray();
        Assert.Equal([0, 1], pictures.Select(picture => (int)picture!["index"]!));
        Assert.Equal(frame.Length, 4 + length + pictures.Sum(picture => 2 * (int)picture!["width"]! * (int)picture["height"]!));
        using var pixel = await workbench.Client.PostAsJsonAsync($"/workbench/sessions/{id}/pixel", new { labels, picture = 0, x = 3, y = 3 });
        Assert.Contains((string?)(await JobFixture.ReadAsync(pixel))["class"], labels.Select(label => label.name));
        using var heat = await workbench.Client.PostAsJsonAsync($"/workbench/sessions/{id}/heat", new { picture = 0, x = 3, y = 3, pictures = new[] { 1 } });
        Assert.Equal(HttpStatusCode.OK, heat.StatusCode);
        using var picture = await workbench.Client.GetAsync($"/workbench/sessions/{id}/pictures/1?side=64");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        using var kept = await workbench.Client.PutAsJsonAsync($"/workbench/sessions/{id}/state", new { typed = "sky" });
        Assert.Equal(HttpStatusCode.NoContent, kept.StatusCode);
        Assert.Equal("sky", (string?)JsonNode.Parse(await workbench.Client.GetStringAsync($"/workbench/sessions/{id}"))!["state"]!["typed"]);

        using var metrics = new HttpClient();
        var page = await metrics.GetStringAsync(new Uri(workbench.Address, "/metrics"));
        foreach (var kind in new[] { "label", "pixel", "heat" })
            Assert.Matches($$"""sclip_workbench_answer_duration_seconds_count\{[^}]*sclip_kind="{{kind}}"[^}]*\} [1-9]""", page);
        Assert.Matches(@"(?m)^sclip_workbench_sessions\{[^}]*\} [1-9]", page);
        await workbench.EndAsync(session);
    }

    [Fact]
    public async Task What_is_saved_is_a_file_to_download_and_a_job_that_the_dispatcher_takes_as_it_was_answered()
    {
        var job = await workbench.KeptJobAsync();
        var session = await workbench.BeginAsync(new { job, count = 1 });
        var place = $"/workbench/sessions/{session["id"]}";
        using var saved = await workbench.Client.PostAsJsonAsync($"{place}/save", new JsonObject { ["labels"] = session["labels"]!.DeepClone(), ["settings"] = session["settings"]!.DeepClone() });
        var plan = await JobFixture.ReadAsync(saved);
        Assert.True(saved.IsSuccessStatusCode, plan.ToJsonString());
        Assert.Equal(("labels.json", null), ((string?)plan["file"], (string?)plan["path"]));
        Assert.StartsWith($"sclip submit --labels labels.json --features-of {job} ", (string?)Assert.Single(plan["commands"]!.AsArray()), StringComparison.Ordinal);
        using var file = await workbench.Client.GetAsync($"{place}/labels.json");
        Assert.Contains("labels.json", file.Content.Headers.ContentDisposition?.ToString(), StringComparison.Ordinal);
        Assert.Contains("a house", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var end = await workbench.Jobs.FollowAsync(await workbench.Jobs.SubmitAsync(plan["job"]!.AsObject()));
        Assert.Equal(("completed", job, 8), ((string?)end["state"], (string?)end["features_of"], (int?)end["by_features"]));
        await workbench.EndAsync(session);
    }

    [Fact]
    public async Task The_order_class_begins_with_the_largest_shares_and_chance_with_the_same_pictures_for_the_same_seed()
    {
        var job = await workbench.KeptJobAsync();
        var most = await SampleAsync(new { job, count = 3, order = "class", @class = "sky" });
        Assert.Equal((await ResultsAsync(job)).OrderByDescending(result => result.Pixels!.GetValueOrDefault("sky") / (double)(result.Width! * result.Height!)!).ThenBy(result => result.Image, StringComparer.Ordinal).Take(3).Select(result => result.Image), most);
        var chosen = await SampleAsync(new { job, count = 4, order = "chance", seed = 1 });
        Assert.Equal(4, chosen.Intersect(Scenes).Count());
        Assert.Equal(chosen, await SampleAsync(new { job, count = 4, order = "chance", seed = 1 }));
        var others = new List<string[]>();
        foreach (var seed in Enumerable.Range(2, 4))
            others.Add(await SampleAsync(new { job, count = 4, order = "chance", seed }));
        Assert.Contains(others, other => !other.SequenceEqual(chosen));
        Assert.Equal(Scenes, await SampleAsync(new { job, count = 200, order = "chance" }));
    }

    [Fact]
    public async Task A_job_without_results_gives_pictures_by_chance_whatever_order_is_asked_for_and_failed_ones_are_left_out()
    {
        var planned = $"planned-{Guid.NewGuid():n}";
        var container = await workbench.Jobs.ContainerAsync(3);
        var document = new JobDocument
        {
            Id = planned,
            Created = DateTimeOffset.UtcNow,
            Input = new JobInput { Container = container },
            Labels = [new LabelClass { Name = "grass" }, new LabelClass { Name = "sky" }],
            Model = "demo/model",
            Settings = new() { PamrSteps = 5 },
            ShardSize = 2,
        };
        await workbench.Jobs.Account.CreateContainerAsync("sclip", CancellationToken.None);
        await workbench.Jobs.Jobs.CreateJobAsync(document, CancellationToken.None);
        using var early = await workbench.Client.PostAsJsonAsync("/workbench/sessions", new { job = planned });
        Assert.Contains("not listed yet", await JobFixture.ProblemAsync(early, HttpStatusCode.Conflict), StringComparison.Ordinal);
        await workbench.Jobs.Jobs.CreateShardAsync(planned, 0, [new ImageReference { Name = Scenes[0] }, new ImageReference { Name = Scenes[1] }], CancellationToken.None);
        await workbench.Jobs.Jobs.CreateShardAsync(planned, 1, [new ImageReference { Name = Scenes[2] }], CancellationToken.None);
        var session = await workbench.BeginAsync(new { job = planned, count = 10 });
        Assert.Equal($"{planned} (by chance, without PAMR)", (string?)session["title"]);
        Assert.Equal(Scenes[..3], WorkbenchFixture.Names(session));
        await workbench.EndAsync(session);

        var broken = await workbench.Jobs.CompleteAsync(JobFixture.Request($"{await workbench.Jobs.ContainerAsync(2, ("set/broken.png", "no picture"u8.ToArray()))}/set/"));
        foreach (var order in new[] { "doubt", "chance" })
            Assert.Equal(Scenes[..2], (await SampleAsync(new { job = broken, order })).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"job": "nobody"}""", HttpStatusCode.NotFound, "There is no job 'nobody'")]
    [InlineData("""{"job": "../x"}""", HttpStatusCode.NotFound, "There is no job '../x'")]
    [InlineData("""{"job": "JOB", "count": 0}""", HttpStatusCode.BadRequest, "1..200")]
    [InlineData("""{"job": "JOB", "count": 201}""", HttpStatusCode.BadRequest, "1..200")]
    [InlineData("""{"job": "JOB", "order": "class"}""", HttpStatusCode.BadRequest, "needs a class")]
    [InlineData("""{"job": "JOB", "order": "class", "class": "zebra"}""", HttpStatusCode.BadRequest, "no class 'zebra'")]
    [InlineData("""{"job": "JOB", "order": "size"}""", HttpStatusCode.BadRequest, "order")]
    public async Task A_sample_that_there_is_not_is_refused_with_what_is_wrong(string sample, HttpStatusCode status, string expected)
    {
        var body = sample.Replace("JOB", await workbench.Jobs.SharedJobAsync(), StringComparison.Ordinal);
        using var answer = await workbench.Client.PostAsync("/workbench/sessions", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, status), StringComparison.Ordinal);
    }

    private async Task<string[]> SampleAsync(object sample)
    {
        var session = await workbench.BeginAsync(sample);
        await workbench.EndAsync(session);
        return WorkbenchFixture.Names(session);
    }

    private async Task<ImageResult[]> ResultsAsync(string job) => [.. (await workbench.Jobs.Jobs.ReadResultsAsync(job, CancellationToken.None).ToArrayAsync()).SelectMany(results => results)];

    private async Task<string[]> LeastSureAsync(string job, int count) =>
        [.. (await ResultsAsync(job)).OrderByDescending(result => result.Doubt).ThenBy(result => result.Image, StringComparer.Ordinal).Take(count).Select(result => result.Image)];
}
