using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Requests for jobs that cannot be done as they were made: each is refused with its reason, and leaves nothing behind.</summary>
public sealed class BadRequestTests(JobFixture fixture)
{
    private const string Good = """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}, {"name": "sky"}]}""";

    public static TheoryData<string, string> BrokenBodies => new()
    {
        { "", "empty" },
        { "{", "JSON" },
        { "nonsense", "invalid" },
        { "null", "empty" },
        { "[]", "wrong kind" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "colour": 1}""", "$.colour" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "legs": 4}]}""", "legs" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"metod": "sclip"}}""", "metod" },
        { """{"input": "INPUT/set/", "model": "demo/model"}""", "labels" },
        { """{"model": "demo/model", "labels": [{"name": "grass"}]}""", "input" },
        { """{"input": 5, "model": "demo/model", "labels": [{"name": "grass"}]}""", "$.input" },
        { """{"input": null, "model": "demo/model", "labels": [{"name": "grass"}]}""", "null" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": "grass"}""", "labels: must be an array of classes" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [null]}""", "labels, element 1: must be an object with a 'name'" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "synonyms": [null]}]}""", "labels, element 1, synonyms: must be a text" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "color": "greenish"}]}""", "#" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "shard_size": "many"}""", "$.shard_size" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": null}""", "null" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"templates": [null]}}""", "null" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"logit_scale": 1e999}}""", "logit" },
    };

    public static TheoryData<string, string, string> WrongValues => new()
    {
        { "labels", "[]", "no class" },
        { "labels", """[{"name": ""}]""", "empty" },
        { "labels", """[{"name": "cat"}, {"name": "CAT"}]""", "twice" },
        { "labels", """[{"name": "c\u0007t"}]""", "control character" },
        { "id", "\"Not An Id\"", "a-z" },
        { "id", "\"../../other\"", "a-z" },
        { "id", "\"..\"", "a-z" },
        { "id", "\"%2e%2e\"", "a-z" },
        { "id", "\"a\\u0000b\"", "a-z" },
        { "id", "\"\"", "a-z" },
        { "name", "\"two\\nlines\"", "control characters" },
        { "shard_size", "0", "1..10000" },
        { "shard_size", "10001", "1..10000" },
        { "priority", "-1", "0..9" },
        { "priority", "10", "0..9" },
        { "model", "\"../../etc/passwd\"", "organisation/name" },
        { "model", "\"/etc/passwd\"", "organisation/name" },
        { "model", "\"../secret\"", "organisation/name" },
        { "model", "\"a/..\"", "organisation/name" },
        { "model", "\"a/%2e%2e\"", "organisation/name" },
        { "model", "\"C:\\\\models\\\\m\"", "organisation/name" },
        { "model", "\"\"", "organisation/name" },
        { "settings", """{"method": "magic"}""", "magic" },
        { "settings", """{"method": "sclip-projection:/etc/passwd"}""", "jobs cannot use it" },
        { "settings", """{"short_side": -1}""", "short side" },
        { "settings", """{"crop": -1}""", "crop" },
        { "settings", """{"crop": 64, "stride": 65}""", "stride" },
        { "settings", """{"stride": 0}""", "stride" },
        { "settings", """{"logit_scale": 0}""", "logit scale" },
        { "settings", """{"probability_threshold": 1.5}""", "probability threshold" },
        { "settings", """{"area_threshold": -0.1}""", "area threshold" },
        { "settings", """{"probability_threshold": 0.5}""", "none of the classes is it" },
        { "settings", """{"area_threshold": 0.1}""", "none of the classes is it" },
        { "settings", """{"pamr_steps": 1001}""", "PAMR" },
        { "settings", """{"pamr_steps": 1, "pamr_dilations": [0]}""", "dilations" },
        { "settings", """{"templates": ["no place"]}""", "{}" },
        { "settings", """{"templates": []}""", "template" },
        { "input", "\"\"", "CONTAINER" },
        { "input", "\"UPPER\"", "CONTAINER" },
        { "input", "\"ab\"", "CONTAINER" },
        { "input", "\"../etc\"", "CONTAINER" },
        { "input", "\"/etc/passwd\"", "CONTAINER" },
        { "input", "\"photos/../other\"", "'..'" },
        { "input", "\"photos/a\\u0001\"", "control character" },
        { "input", "\"photos/a\\\\b\"", "backslash" },
        { "images", "[]", "empty" },
        { "images", "[null]", "empty name" },
        { "images", """["a.png\nb.png"]""", "line end" },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task A_body_that_is_no_job_request_is_refused_with_the_place_of_the_fault(string body, string expected)
    {
        using var answer = await PostAsync(body.Replace("INPUT", "photos", StringComparison.Ordinal));
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task A_value_that_cannot_be_is_refused_with_what_it_may_be(string member, string json, string expected)
    {
        var request = JobFixture.Request("photos/set/");
        request[member] = JsonNode.Parse(json);
        using var answer = await fixture.PostAsync(request);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_more_than_20000_names_are_refused_and_5_MB_of_them_are_read()
    {
        var request = JobFixture.Request("photos/set/");
        request["labels"] = new JsonArray([.. Enumerable.Range(0, 20_001).Select(i => new JsonObject { ["name"] = $"name {i}" })]);
        using var many = await fixture.PostAsync(request);
        Assert.Contains("20000", await JobFixture.ProblemAsync(many, HttpStatusCode.BadRequest), StringComparison.Ordinal);

        request = JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/");
        request["labels"] = new JsonArray([.. Enumerable.Range(0, 6_000).Select(i => new JsonObject { ["name"] = $"{i} {new string('x', 900)}" })]);
        Assert.True(request.ToJsonString().Length > 5 << 20);
        // A model that no worker has: the test is of the request, not of six thousand embeddings.
        request["model"] = "absent/large";
        var id = await fixture.SubmitAsync(request);
        Assert.Equal(6_000, (await fixture.Jobs.ReadJobAsync(id, CancellationToken.None))!.Labels.Count);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using var body = new StringContent("{\"input\": \"" + new string('x', 65 << 20), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs") { Content = body, Headers = { ExpectContinue = true } };
        using var answer = await fixture.Client.SendAsync(request);
        Assert.Contains("67108864", await JobFixture.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        using var answer = await fixture.Client.PostAsync("/jobs", new StringContent(Good, Encoding.UTF8, "text/plain"));
        Assert.Contains("JSON", await JobFixture.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_does_not_exist_and_a_prefix_without_images_are_not_found()
    {
        using var missing = await fixture.PostAsync(JobFixture.Request("no-such-container/set/"));
        Assert.Contains("'no-such-container'", await JobFixture.ProblemAsync(missing, HttpStatusCode.NotFound), StringComparison.Ordinal);
        var listed = JobFixture.Request("no-such-container");
        listed["images"] = new JsonArray("a.png");
        using var named = await fixture.PostAsync(listed);
        Assert.Contains("'no-such-container'", await JobFixture.ProblemAsync(named, HttpStatusCode.NotFound), StringComparison.Ordinal);

        var container = await fixture.ContainerAsync(1, ("text/readme.md", [1]));
        foreach (var prefix in new[] { "none/", "text/", new string('p', 800), "a%2e%2e/" })
        {
            using var answer = await fixture.PostAsync(JobFixture.Request($"{container}/{prefix}"));
            Assert.Contains("no images", await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound), StringComparison.Ordinal);
        }
        using var endless = await fixture.PostAsync(JobFixture.Request($"{container}/{new string('p', 1000)}"));
        Assert.Contains("800", await JobFixture.ProblemAsync(endless, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_request_leaves_no_job()
    {
        var id = $"refused-{Guid.NewGuid():n}"[..30];
        var request = JobFixture.Request("no-such-container");
        request["id"] = id;
        request["images"] = new JsonArray("a.png");
        using var answer = await fixture.PostAsync(request);
        await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound);
        Assert.Empty(await fixture.BlobsAsync(id));
    }

    [Fact]
    public async Task The_id_of_another_job_is_a_conflict_and_so_is_the_id_with_another_list()
    {
        var container = await fixture.ContainerAsync(2);
        var request = JobFixture.Request(container);
        request["id"] = $"mine-{Guid.NewGuid():n}"[..30];
        request["images"] = new JsonArray("set/scene-1.png");
        await fixture.SubmitAsync(request);
        request["images"] = new JsonArray("set/scene-2.png");
        using var list = await fixture.PostAsync(request);
        Assert.Contains("another id", await JobFixture.ProblemAsync(list, HttpStatusCode.Conflict), StringComparison.Ordinal);
        request["images"] = new JsonArray("set/scene-1.png");
        request["shard_size"] = 5;
        using var settings = await fixture.PostAsync(request);
        Assert.Contains("another id", await JobFixture.ProblemAsync(settings, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_of_jobs_cannot_be_named_as_images()
    {
        var request = JobFixture.Request(JobFixture.JobContainer);
        request["images"] = new JsonArray("jobs/other/masks/a.png");
        using var answer = await fixture.PostAsync(request);
        Assert.Contains("no images", await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_names_that_lead_elsewhere_fail_one_by_one()
    {
        var request = JobFixture.Request(await fixture.ContainerAsync(1));
        string[] names = ["../secret.png", "a/../../b.png", "/etc/passwd.png", "a\\b.png", "c\u0001.png", "%2e%2e/x.png", new string('n', 1000) + ".png"];
        request["images"] = new JsonArray([.. names.Select(name => JsonValue.Create(name)), "set/scene-1.png"]);
        var id = await fixture.CompleteAsync(request);
        var results = (await fixture.Jobs.ReadResultAsync(id, 0, CancellationToken.None))!;
        Assert.Equal(names.Length + 1, results.Count);
        foreach (var name in names)
            Assert.NotEmpty(results.Single(result => result.Image == name).Error!);
        Assert.Equal("masks/set/scene-1.png.png", Assert.Single(results, result => result.Mask is not null).Mask);
    }

    private Task<HttpResponseMessage> PostAsync(string body) => fixture.Client.PostAsync("/jobs", new StringContent(body, Encoding.UTF8, "application/json"));
}
