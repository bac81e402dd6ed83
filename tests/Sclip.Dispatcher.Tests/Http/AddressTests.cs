using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Addresses: those of the document, unknown ones, and those that try to lead out of a job.</summary>
public sealed class AddressTests(JobFixture fixture)
{
    private const string Secret = "this must not be seen";

    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task The_document_describes_every_route_and_each_with_its_refusals()
    {
        var document = JsonNode.Parse(await Client.GetStringAsync("/openapi/v1.json"))!;
        Assert.StartsWith("3.", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(verb => $"{verb.Key.ToUpperInvariant()} {path.Key}")).Order(StringComparer.Ordinal);
        var routes = fixture.Routes.Where(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
            .SelectMany(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/').Replace("**", "", StringComparison.Ordinal)}")).Order(StringComparer.Ordinal);
        Assert.Equal(routes, described);
        Assert.Equal(45, routes.Count());
        foreach (var operation in document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()))
        {
            Assert.NotEmpty(operation.Value!["summary"]!.GetValue<string>());
            Assert.Contains("application/problem+json", operation.Value["responses"]!["401"]!["content"]!.AsObject().Select(content => content.Key));
        }
    }

    [Fact]
    public async Task An_unknown_address_is_a_problem_and_so_is_a_wrong_verb()
    {
        using var unknown = await Client.GetAsync("/nothing/here");
        Assert.Contains("/nothing/here", await JobFixture.ProblemAsync(unknown, HttpStatusCode.NotFound), StringComparison.Ordinal);
        using var document = await Client.GetAsync("/openapi/v2.json");
        Assert.Contains("/openapi/v2.json", await JobFixture.ProblemAsync(document, HttpStatusCode.NotFound), StringComparison.Ordinal);
        using var nameless = await Client.GetAsync("/jobs/some-job/masks/");
        Assert.Equal("path is missing.", await JobFixture.ProblemAsync(nameless, HttpStatusCode.BadRequest));
        using var verb = await Client.DeleteAsync("/jobs/some-job");
        Assert.Contains("GET", await JobFixture.ProblemAsync(verb, HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        using var limit = await Client.GetAsync("/jobs?limit=0");
        Assert.Contains("1..1000", await JobFixture.ProblemAsync(limit, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var word = await Client.GetAsync("/jobs?limit=many");
        Assert.Contains("limit", await JobFixture.ProblemAsync(word, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/results")]
    [InlineData("GET", "/document")]
    [InlineData("GET", "/list")]
    [InlineData("GET", "/images")]
    [InlineData("GET", "/download")]
    [InlineData("GET", "/thumbnails/picture?name=a.png")]
    [InlineData("GET", "/thumbnails/mask?name=masks/a.png")]
    [InlineData("GET", "/masks/a.png")]
    [InlineData("GET", "/overlays/a.jpg")]
    [InlineData("GET", "/scores/a.npy")]
    [InlineData("GET", "/review")]
    [InlineData("GET", "/review/images")]
    [InlineData("GET", "/corrections/a.png")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    public async Task A_job_that_is_not_there_is_not_found_whatever_is_asked_of_it(string verb, string rest)
    {
        // Callers say what they hope for; a refusal reaches them all the same.
        foreach (var accepted in new[] { "*/*", "image/png", "text/event-stream", "text/html" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), $"/jobs/no-such-job{rest}") { Headers = { { "Accept", accepted } } };
            using var answer = await Client.SendAsync(request);
            Assert.Contains("no-such-job", await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("..%2f..")]
    [InlineData("%2e%2e%2fother")]
    [InlineData("%252e%252e")]
    [InlineData("Upper")]
    [InlineData("-dash")]
    [InlineData("a%01b")]
    [InlineData("a%5cb")]
    [InlineData("a%20b")]
    [InlineData("LONG")]
    public async Task A_job_id_that_cannot_be_is_refused(string id)
    {
        id = id.Replace("LONG", new string('x', 1000), StringComparison.Ordinal);
        foreach (var rest in new[] { "", "/events", "/results", "/masks/a.png" })
        {
            var (status, body) = await RawAsync("GET", $"/jobs/{id}{rest}");
            Assert.True(status == 400, $"{status}: {body}");
            Assert.Contains("is no job id", body, StringComparison.Ordinal);
        }
        foreach (var rest in new[] { "/cancel", "/retry", "/retry?failed=true" })
            Assert.Equal(400, (await RawAsync("POST", $"/jobs/{id}{rest}")).Status);
    }

    [Fact]
    public async Task No_path_leads_out_of_a_job_or_to_its_documents()
    {
        var container = await fixture.ContainerAsync(1);
        var id = await fixture.CompleteAsync(JobFixture.Request($"{container}/set/"));
        // What must not be seen: beside the jobs, in another job, and beside the masks of this one.
        foreach (var name in new[] { "secret.png", "jobs/secret.png", "jobs/neighbour/masks/secret.png", $"jobs/{id}/secret.png", $"jobs/{id}/shards/secret.png" })
            await fixture.Jobs.Store.WriteAsync(name, Encoding.UTF8.GetBytes(Secret), WriteCondition.None, CancellationToken.None);

        string[] ups = ["..", "%2e%2e", "%252e%252e", ".%2e", "..%00", "%c0%ae%c0%ae", "..;"];
        string[] slashes = ["/", "%2f", "%252f", "\\", "%5c"];
        string[] targets = ["secret.png", "job.json", "plan.json", "shards/00000.jsonl", "shards/secret.png"];
        var paths = (from up in ups
                     from slash in slashes
                     from depth in Enumerable.Range(1, 4)
                     from target in targets
                     select string.Concat(Enumerable.Repeat(up + slash, depth)) + target)
            .Concat(["/etc/passwd", "%2fetc%2fpasswd", "//secret.png", "C:%5csecret.png", "", "%00", "a%0d%0ab.png", new string('m', 1000), "./secret.png", "%2e/secret.png", "masks/../../secret.png"]);
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (path, _) =>
        {
            foreach (var kind in new[] { "masks", "overlays", "scores" })
            {
                var (status, body) = await RawAsync("GET", $"/jobs/{id}/{kind}/{path}");
                Assert.True(status is 400 or 404, $"{kind}/{path}: {status}: {body}");
                Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
                Assert.DoesNotContain("\"version\"", body, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public async Task Damaged_documents_are_named_and_do_not_hide_other_jobs()
    {
        var good = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/"));
        var later = await ForgeAsync("later", (await ReadAsync(good)).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        var torn = await ForgeAsync("torn", (await ReadAsync(good))[..50]);
        var empty = await ForgeAsync("empty", "");
        var strange = await ForgeAsync("strange", """{"id": 5}""");
        foreach (var (id, expected) in new[] { (later, "version 2"), (torn, "not valid"), (empty, "not valid"), (strange, "not valid") })
        {
            foreach (var path in new[] { $"/jobs/{id}", $"/jobs/{id}/events", $"/jobs/{id}/results" })
            {
                using var answer = await Client.GetAsync(path);
                var detail = await JobFixture.ProblemAsync(answer, HttpStatusCode.Conflict);
                Assert.Contains($"jobs/{id}/job.json", detail, StringComparison.Ordinal);
                Assert.Contains(expected, detail, StringComparison.Ordinal);
            }
        }
        // What a submit leaves that was killed before it wrote the job itself.
        await fixture.Jobs.Store.WriteAsync("jobs/leftover/input.txt", Encoding.UTF8.GetBytes("a.png"), WriteCondition.None, CancellationToken.None);
        var jobs = JsonNode.Parse(await Client.GetStringAsync("/jobs?limit=1000"))!.AsArray().ToDictionary(job => job!["id"]!.GetValue<string>(), job => job!);
        Assert.Equal("completed", jobs[good]["state"]!.GetValue<string>());
        Assert.Equal("failed", jobs[later]["state"]!.GetValue<string>());
        Assert.Contains("version 2", jobs[later]["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("leftover", jobs.Keys);
        foreach (var name in new[] { JobNames.Job(later), JobNames.Job(torn), JobNames.Job(empty), JobNames.Job(strange), "jobs/leftover/input.txt" })
            await fixture.Jobs.Store.DeleteAsync(name, CancellationToken.None);
    }

    [Theory]
    [InlineData("summary.json")]
    [InlineData("plan.json")]
    [InlineData("results/00000.jsonl")]
    public async Task A_damaged_document_of_a_job_is_named(string document)
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(1)}/set/"));
        var copy = IdOf("damaged", id);
        // Before the job itself, which the list would read meanwhile.
        await fixture.Jobs.Store.WriteAsync($"jobs/{copy}/{document}", Encoding.UTF8.GetBytes("{broken"), WriteCondition.None, CancellationToken.None);
        await ForgeAsync("damaged", (await ReadAsync(id)).Replace(id, copy, StringComparison.Ordinal), id);
        using var answer = await Client.GetAsync(document.StartsWith("results", StringComparison.Ordinal) ? $"/jobs/{copy}/results" : $"/jobs/{copy}");
        Assert.Contains($"jobs/{copy}/{document}", await JobFixture.ProblemAsync(answer, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(string good) => Encoding.UTF8.GetString((await fixture.Jobs.Store.ReadAsync(JobNames.Job(good), 1 << 20, CancellationToken.None)).Bytes);

    private async Task<string> ForgeAsync(string kind, string document, string? suffix = null)
    {
        var id = IdOf(kind, suffix ?? Guid.NewGuid().ToString("n"));
        await fixture.Jobs.Store.WriteAsync(JobNames.Job(id), Encoding.UTF8.GetBytes(document), WriteCondition.None, CancellationToken.None);
        return id;
    }

    private static string IdOf(string kind, string suffix)
    {
        var id = $"{kind}-{suffix}";
        return id[..Math.Min(63, id.Length)];
    }

    /// <summary>Sends an address as it is: HttpClient would tidy it up.</summary>
    private async Task<(int Status, string Body)> RawAsync(string verb, string address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{verb} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        var answer = await new StreamReader(stream).ReadToEndAsync();
        return (int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }
}
