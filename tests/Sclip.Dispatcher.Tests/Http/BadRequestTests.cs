using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Requests for jobs that cannot be done as they were made: each is refused with its reason, and leaves nothing behind.</summary>
public sealed class BadRequestTests(JobFixture fixture)
{
    private const string Good = """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}, {"name": "sky"}]}""";

    public static TheoryData<string, string> BrokenBodies => new()
    {
        { "", "empty" },
        { "{", "it is not JSON at line 1, byte 2: it breaks off before its end." },
        { "nonsense", "it is not JSON at line 1, byte 2: 'nonsense' is no value" },
        { "{\"input\": \"INPUT\",\n}", "it is not JSON at line 2, byte 1: a comma stands before a closing bracket" },
        { """{"images": ["a.png",]}""", "a comma stands before a closing bracket" },
        { """{'input': "INPUT"}""", "stands where a key in double quotes is needed" },
        { """{"input" "INPUT"}""", "stands where the ':' behind a key is needed" },
        { """{"input": "INPUT" "model": "demo/model"}""", "stands where a comma or a closing bracket is needed" },
        { """{"input": "C:\files\x"}""", "'x' cannot follow a backslash there; a backslash itself is written twice" },
        { """{"shard_size": 1x}""", "'x' stands within a number" },
        { """{"labels": DEEP}""", "arrays and objects are nested more than 64 deep" },
        { "null", "empty" },
        { "[]", "it must be an object" },
        { """{"input": "INPUT/set/", "model": "demo/model", "model": "demo/other", "labels": [{"name": "grass"}]}""", "$.model: the key 'model' is there twice" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "labels": [{"name": "sky"}]}""", "$.labels: the key 'labels' is there twice" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"crop": 64, "crop": 32}}""", "$.settings.crop: the key 'crop' is there twice" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "name": "sky"}]}""", "labels: the key 'name' is there twice" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": {"classes": ["grass"], "classes": ["sky"]}}""", "labels: the key 'classes' is there twice" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "colour": 1}""", "$.colour" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "legs": 4}]}""", "legs" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"metod": "sclip"}}""", "metod" },
        { """{"input": "INPUT/set/", "model": "demo/model"}""", "'labels' is missing." },
        { """{"model": "demo/model", "labels": [{"name": "grass"}]}""", "'input' is missing." },
        { """{}""", "'labels' is missing." },
        { """{"input": 5, "model": "demo/model", "labels": [{"name": "grass"}]}""", "$.input must be a text." },
        { """{"labels": [{"name": "grass"}]}""", "'input', 'model' are missing." },
        { """{"input": null, "model": "demo/model", "labels": [{"name": "grass"}]}""", "'input' is missing." },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": "grass"}""", "labels: must be an array of classes" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [null]}""", "labels, element 1: must be an object with a 'name'" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "synonyms": [null]}]}""", "labels, element 1, synonyms: must be a text" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass", "color": "greenish"}]}""", "#" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "shard_size": "many"}""", "$.shard_size must be a whole number." },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "shard_size": 1.5}""", "$.shard_size must be a whole number" },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "new": 1}""", "$.new must be true or false." },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "images": "a.png"}""", "$.images must be an array." },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": []}""", "$.settings must be an object." },
        { """{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"logit_scale": "40"}}""", "$.settings.logit_scale must be a number." },
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
        { "model", "\"a--b/c\"", "organisation/name" },
        { "settings", """{"method": "magic"}""", "magic" },
        { "settings", """{"method": "sclip-projection:/etc/passwd"}""", "jobs cannot use it" },
        { "settings", """{"method": "proxyclip"}""", "proxyclip needs a guide" },
        { "settings", """{"method": "proxyclip", "guide": "/etc/passwd"}""", "The guide '/etc/passwd' is no model id" },
        { "settings", """{"guide": "facebook/dino-vitb8"}""", "No method that is asked for takes a guide" },
        { "settings", """{"keep_features": "fp8"}""", "features are kept as fp16 or int8, or not at all; it is 'fp8'." },
        { "settings", """{"short_side": -1}""", "short side" },
        { "settings", """{"crop": -1}""", "crop" },
        { "settings", """{"crop": 64, "stride": 65}""", "stride" },
        { "settings", """{"stride": 0}""", "stride" },
        { "settings", """{"patch_stride": 0}""", "the patch stride must be at least 1 pixel" },
        { "settings", """{"method": "cliptrase:clusters"}""", "the crop must be 0" },
        { "settings", """{"logit_scale": 0}""", "logit scale" },
        { "settings", """{"logit_scale": 10001}""", "the logit scale must be above 0 and at most 10000; it is 10001." },
        { "settings", """{"logit_scale": 1e300}""", "at most 10000" },
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
        { "images", """["set/a.png", "other/b.png"]""", "The list names 'other/b.png', which does not begin with 'set/'" },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task A_body_that_is_no_job_request_is_refused_with_the_place_of_the_fault(string body, string expected)
    {
        body = body.Replace("INPUT", "photos", StringComparison.Ordinal).Replace("DEEP", new string('[', 70) + new string(']', 70), StringComparison.Ordinal);
        foreach (var address in new[] { "/jobs", "/previews" })
        {
            using var answer = await PostAsync(body, address);
            var detail = await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest);
            Assert.Contains(expected, detail, StringComparison.Ordinal);
            foreach (var word in new[] { "reader options", "payload", "deserialization", "configured depth", "LineNumber", "mapped" })
                Assert.DoesNotContain(word, detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/jobs?limit=abc", "limit must be a whole number; it is 'abc'.")]
    [InlineData("GET", "/jobs?limit=99999999999", "limit must be a whole number; it is '99999999999'.")]
    [InlineData("POST", "/jobs/some-job/retry?failed=1", "failed must be true or false; it is '1'.")]
    [InlineData("GET", "/jobs/some-job/thumbnails/picture", "name is missing.")]
    [InlineData("GET", "/jobs/some-job/thumbnails/mask?name=masks/a.png&side=big", "side must be a whole number; it is 'big'.")]
    [InlineData("POST", "/previews?sample=two", "sample must be a whole number; it is 'two'.")]
    [InlineData("GET", "/jobs/some-job/images?clas=sky", "There is no 'clas' to ask for at /jobs/some-job/images; its query takes class, status, error, search, review, order, at, from, offset, limit.")]
    [InlineData("POST", "/jobs/some-job/retry?faild=true", "its query takes failed.")]
    [InlineData("POST", "/previews?sampel=2", "its query takes sample.")]
    [InlineData("POST", "/jobs?new=true", "There is no 'new' to ask for at /jobs; its query takes nothing.")]
    [InlineData("GET", "/jobs?limit=1&offset=2", "its query takes after, limit.")]
    [InlineData("GET", "/jobs/some-job?verbose", "'verbose'")]
    [InlineData("GET", "/jobs/some-job/results?status=failed", "'status'")]
    [InlineData("GET", "/jobs/some-job/masks/a.png?side=64", "'side'")]
    [InlineData("GET", "/jobs/some-job/document?x=1", "'x'")]
    [InlineData("GET", "/jobs/some-job/events?x=1", "'x'")]
    [InlineData("POST", "/jobs/some-job/cancel?x=1", "'x'")]
    [InlineData("GET", "/overview?x=1", "'x'")]
    [InlineData("GET", "/events?x=1", "'x'")]
    [InlineData("GET", "/choices?x=1", "'x'")]
    [InlineData("GET", "/session?x=1", "'x'")]
    [InlineData("POST", "/labels?x=1", "'x'")]
    [InlineData("GET", "/jobs?limit=1&limit=2", "limit is in the query 2 times")]
    public async Task A_query_that_cannot_be_is_refused_with_its_key_and_what_it_may_be(string verb, string address, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), address);
        if (verb == "POST")
            request.Content = new StringContent(Good, Encoding.UTF8, "application/json");
        using var answer = await fixture.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/fleet/jobs/cancel", """{"ids": [null]}""", "ids must not hold null")]
    [InlineData("/fleet/jobs/cancel", """{"ids": null}""", "$.ids must not be null")]
    [InlineData("/fleet/jobs/retry", """{"ids": ["some-job", null], "failed": true}""", "ids must not hold null")]
    [InlineData("/fleet/jobs/retry", """{"ids": [5]}""", "$.ids[0] must be a text")]
    [InlineData("/fleet/jobs/priority", """{"ids": [null, null], "priority": 3}""", "ids must not hold null")]
    [InlineData("/fleet/jobs/priority", """{"ids": ["some-job"], "priority": null}""", "$.priority must be a whole number")]
    [InlineData("/jobs/some-job/priority", """{"priority": "3"}""", "$.priority must be a whole number")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": 1, "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "$.decision must be one of none, accepted, rejected, flagged")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": 7, "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "$.decision must be one of")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": "1", "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "$.decision must be one of")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": "accepted,rejected", "images": [{"image": "a", "shard": 0, "revision": 0}]}""", "$.decision must be one of")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": "accepted", "images": [{"image": "a", "shard": 0, "revision": 0}, null]}""", "images must not hold null")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": "accepted", "images": [{"image": null, "shard": 0, "revision": 0}]}""", "null")]
    [InlineData("/jobs/some-job/review", """{"reviewer": "Ada", "decision": "accepted", "images": [{"image": "a", "shard": 99999999999, "revision": 0}]}""", "must be a whole number")]
    [InlineData("/jobs/some-job/review", """{"reviewer": null, "decision": "accepted", "images": []}""", "null")]
    [InlineData("/jobs/estimate", """{"input": "photos", "model": "demo/model", "labels": [{"name": "grass"}], "images": [null]}""", "empty name")]
    [InlineData("/jobs", """{"input": "photos", "model": "demo/model", "labels": [{"name": "grass"}], "settings": {"pamr_dilations": [null]}}""", "$.settings.pamr_dilations[0] must be a whole number")]
    [InlineData("/previews", """{"input": "photos", "model": "demo/model", "labels": [{"name": "grass", "synonyms": null}], "images": [null]}""", "synonyms")]
    [InlineData("/labels", "[null]", "must be")]
    public async Task Null_within_a_list_and_a_number_for_a_word_are_refused_in_every_body(string address, string body, string expected)
    {
        using var answer = await PostAsync(body, address);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1", "shard must be 0 or more; it is -1")]
    [InlineData("-2147483648", "shard must be 0 or more")]
    [InlineData("99999999999", "shard must be a whole number")]
    public async Task A_shard_that_cannot_be_is_refused_by_every_verb(string shard, string expected)
    {
        var id = await fixture.WrittenJobAsync(1, _ => [], drafts: 0);
        foreach (var verb in new[] { "GET", "PUT", "DELETE" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), $"/jobs/{id}/corrections/a.png?shard={shard}{(verb == "PUT" ? "&by=Ada" : "")}");
            if (verb == "PUT")
                request.Content = new ByteArrayContent([1, 2, 3]);
            using var answer = await fixture.Client.SendAsync(request);
            Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_watches_the_process_may_ask_as_it_likes()
    {
        foreach (var address in new[] { "/healthz/live?verbose=1", "/healthz/ready?x", "/metrics?format=text", "/?utm=1", "/app.js?v=2" })
        {
            using var answer = await fixture.Client.GetAsync(address);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("", "job.json is not valid: it is not JSON at line 1, byte 1: it is empty.")]
    [InlineData("{\"version\": 1,}", "job.json is not valid: it is not JSON at line 1, byte 15: a comma stands before a closing bracket, with nothing between them.")]
    [InlineData("{\"version\": 1,\n \"id\": \"a", "job.json is not valid: it is not JSON at line 2, byte 10: it breaks off before its end.")]
    [InlineData("{\"version\": 1, \"version\": 1}", "job.json is not valid: $.version: the key 'version' is there twice.")]
    [InlineData("{\"version\": \"1\"}", "job.json is not valid: $.version must be a whole number.")]
    [InlineData("{\"settings\": {\"templates\": \"a\"}}", "job.json is not valid: $.settings.templates must be an array.")]
    [InlineData("{\"settings\": {\"crop\": \"a\"}}", "job.json is not valid: $.settings.crop must be a whole number.")]
    [InlineData("{\"labels\": [5]}", "job.json is not valid: $.labels[0] must be an object.")]
    [InlineData("{\"created\": 5}", "job.json is not valid: $.created must be a time, such as 2026-01-31T12:00:00Z.")]
    public async Task A_document_that_is_damaged_is_told_with_the_place_of_the_fault(string content, string expected)
    {
        var id = $"damaged-{Guid.NewGuid():n}";
        await fixture.Account.CreateContainerAsync(JobFixture.JobContainer, CancellationToken.None);
        await fixture.Jobs.Store.WriteAsync(JobNames.Job(id), Encoding.UTF8.GetBytes(content), WriteCondition.None, CancellationToken.None);
        using var answer = await fixture.Client.GetAsync($"/jobs/{id}");
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"image\": \"b\", \"sta", "it is not JSON at line 2, byte 20: it breaks off before its end.")]
    [InlineData("{\"image\": \"b\", \"status\": \"good\"}", "$.status must be one of ok, failed.")]
    [InlineData("{\"image\": \"b\", \"status\": \"ok\", \"pixels\": {\"sky\": 1, \"sky\": 2}}", "$.pixels.sky: ")]
    public async Task A_result_that_is_damaged_is_told_with_its_line(string line, string expected)
    {
        var id = await fixture.WrittenJobAsync(1, _ => [], drafts: 0);
        await fixture.Jobs.Store.WriteAsync(JobNames.Result(id, 0), Encoding.UTF8.GetBytes($"{{\"image\": \"a\", \"status\": \"ok\"}}\n{line}\n"), WriteCondition.None, CancellationToken.None);
        using var answer = await fixture.Client.GetAsync($"/jobs/{id}/images");
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.Conflict), StringComparison.Ordinal);
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
        // Which is told before it is sent, however long that takes: a client that sends all the same may find its connection closed.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = fixture.Client.BaseAddress };
        using var answer = await client.SendAsync(request);
        Assert.Contains("67108864", await JobFixture.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        using var answer = await fixture.Client.PostAsync("/jobs", new StringContent(Good, Encoding.UTF8, "text/plain"));
        Assert.Contains("JSON", await JobFixture.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_in_an_unknown_charset_is_refused()
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        body.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=nope");
        using var answer = await fixture.Client.PostAsync("/jobs", body);
        Assert.Contains("charset", await JobFixture.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
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

    private Task<HttpResponseMessage> PostAsync(string body, string address) => fixture.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"));
}
