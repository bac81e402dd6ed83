using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts.Board;
using Sclip.Dispatcher.Estimating;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>What a job would take is told before it is submitted.</summary>
public sealed class EstimateTests(JobFixture fixture)
{
    private static readonly IReadOnlyList<string> Cpu = ["cpu"];

    [Fact]
    public async Task An_estimate_tells_the_windows_that_the_job_then_takes()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(5)}/set/");
        // As the demo model brings them: nothing else is known of it here.
        request["settings"] = new JsonObject { ["short_side"] = 0, ["crop"] = 64, ["stride"] = 32 };
        var estimate = await Look.UntilAsync("the worker has reported", _ => EstimateAsync(request), estimate => (int)estimate["workers"]! >= 1);
        Assert.Equal((5, 5, true, false), ((int)estimate["images"]!, (int)estimate["sampled"]!, (bool)estimate["complete"]!, (bool)estimate["is_there"]!));
        var id = (string?)estimate["id"];
        using (var none = await fixture.Client.GetAsync($"/jobs/{id}"))
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);

        Assert.Equal(id, await fixture.CompleteAsync(request));
        var status = JsonNode.Parse(await fixture.Client.GetStringAsync($"/jobs/{id}"))!;
        Assert.Equal((long)status["windows"]!, (long)estimate["windows"]!);
        var again = await EstimateAsync(request);
        Assert.True((bool)again["is_there"]!);
        Assert.Contains("is there already", Notes(again), StringComparison.Ordinal);
        // By now the worker has computed something, and told how fast.
        again = await Look.UntilAsync("the time is told", _ => EstimateAsync(request), estimate => estimate["seconds"] is not null);
        Assert.True((double)again["windows_per_second"]! > 0 && (double)again["worker_seconds"]! >= (double)again["seconds"]!);
    }

    [Theory]
    [InlineData("""{"input": "INPUT/set/", "model": "demo/model", "labels": []}""", 400, "no class")]
    [InlineData("""{"input": "INPUT/nothing/", "model": "demo/model", "labels": [{"name": "grass"}]}""", 404, "There are no images")]
    [InlineData("""{"input": "no-such-container", "model": "demo/model", "labels": [{"name": "grass"}]}""", 404, "does not exist")]
    [InlineData("""{"input": "INPUT/set/", "model": "no model", "labels": [{"name": "grass"}]}""", 400, "organisation/name")]
    [InlineData("""{"input": "INPUT", "images": ["a\nb"], "model": "demo/model", "labels": [{"name": "grass"}]}""", 400, "line end")]
    [InlineData("""{"input": "sclip", "images": ["jobs/a/job.json"], "model": "demo/model", "labels": [{"name": "grass"}]}""", 400, "no images")]
    [InlineData("""{"features_of": "no-such-job", "labels": [{"name": "grass"}]}""", 404, "no-such-job")]
    [InlineData("""{"input": "INPUT/set/", "model": "demo/model", "labels": [{"name": "grass"}], "colour": 1}""", 400, "$.colour")]
    public async Task It_refuses_what_a_submit_refuses_by_the_same_words(string body, int status, string expected)
    {
        var text = body.Replace("INPUT", await fixture.ContainerAsync(1), StringComparison.Ordinal);
        var details = new List<string>();
        foreach (var address in new[] { "/jobs/estimate", "/jobs" })
        {
            using var answer = await fixture.Client.PostAsync(address, new StringContent(text, System.Text.Encoding.UTF8, "application/json"));
            details.Add(await JobFixture.ProblemAsync(answer, (HttpStatusCode)status));
        }
        Assert.Contains(expected, details[0], StringComparison.Ordinal);
        Assert.Equal(details[0], details[1]);
    }

    [Fact]
    public async Task An_id_that_is_another_jobs_is_refused_as_a_submit_refuses_it()
    {
        var container = await fixture.ContainerAsync(2);
        var request = JobFixture.Request(container);
        request["id"] = $"listed-{Guid.NewGuid():n}";
        request["images"] = new JsonArray("set/scene-1.png");
        await fixture.SubmitAsync(request);
        request["images"] = new JsonArray("set/scene-2.png");
        using var other = await fixture.Client.PostAsJsonAsync("/jobs/estimate", request);
        Assert.Contains("of other input or settings", await JobFixture.ProblemAsync(other, HttpStatusCode.Conflict), StringComparison.Ordinal);
        request["labels"] = new JsonArray(new JsonObject { ["name"] = "water" });
        using var labels = await fixture.Client.PostAsJsonAsync("/jobs/estimate", request);
        await JobFixture.ProblemAsync(labels, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_is_not_known_is_said()
    {
        var container = await fixture.ContainerAsync(1, ("set/a.webp", [1, 2, 3]), ("set/empty.jpg", []));
        var request = JobFixture.Request($"{container}/set/");
        request["device"] = "cuda";
        var estimate = await EstimateAsync(request);
        Assert.Equal((3, 1, 0), ((int)estimate["images"]!, (int)estimate["sampled"]!, (int)estimate["workers"]!));
        Assert.Null(estimate["seconds"]);
        Assert.Contains("No worker on cuda is at work", Notes(estimate), StringComparison.Ordinal);
        Assert.Contains("Of 3 images, the beginnings of 1 tell their size", Notes(estimate), StringComparison.Ordinal);
        Assert.Contains("a model that brings its own", Notes(estimate), StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_that_have_not_told_are_taken_to_be_as_the_others_and_those_that_end_are_left_out()
    {
        (WorkerPhase, IReadOnlyList<string>, double?)[] workers = [(WorkerPhase.Ready, Cpu, 10), (WorkerPhase.Starting, Cpu, null), (WorkerPhase.Stopping, Cpu, 100), (WorkerPhase.Ready, ["cuda:0"], 300)];
        Assert.Equal(new FleetSpeed(2, 1, 20), FleetSpeed.Of(workers, "cpu"));
        Assert.Equal(new FleetSpeed(1, 1, 300), FleetSpeed.Of(workers, "cuda"));
        Assert.Equal(new FleetSpeed(3, 2, 465), FleetSpeed.Of(workers, null));
        Assert.Equal(new FleetSpeed(0, 0, null), FleetSpeed.Of([], null));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1000)]
    public void A_sample_is_spread_over_all_that_is_seen(int count)
    {
        var sample = new SpreadSample<int>(10);
        foreach (var item in Enumerable.Range(0, count))
            sample.Add(item);
        Assert.Equal(count, sample.Seen);
        Assert.True(sample.Items.Count >= Math.Min(count, 10) && sample.Items.Count < 20);
        var steps = sample.Items.Zip(sample.Items.Skip(1), (a, b) => b - a).Distinct();
        Assert.Single(steps);
        Assert.True(count - sample.Items[^1] <= Math.Max(1, count / 10 + 1));
    }

    private async Task<JsonObject> EstimateAsync(JsonObject request)
    {
        using var answer = await fixture.Client.PostAsJsonAsync("/jobs/estimate", request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await JobFixture.ReadAsync(answer);
    }

    private static string Notes(JsonObject estimate) => string.Join('\n', estimate["notes"]!.AsArray().Select(note => (string?)note));
}
