using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Requests that become jobs: which are the same one, and which contradict each other.</summary>
public sealed class SubmissionTests : IDisposable
{
    private readonly PlanningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_same_input_and_settings_are_the_same_job_whatever_their_priority()
    {
        await _bench.AddAsync("a.png");
        var first = await _bench.SubmitAsync(PlanningBench.Request());
        Assert.Equal(first.Id, (await _bench.SubmitAsync(PlanningBench.Request() with { Priority = 7 })).Id);
        foreach (var other in new[]
        {
            PlanningBench.Request() with { New = true },
            PlanningBench.Request() with { ShardSize = 3 },
            PlanningBench.Request() with { Model = "demo/other" },
            PlanningBench.Request() with { Settings = new JobSettings { Method = "maskclip" } },
            PlanningBench.Request() with { Images = ["a.png"] },
            PlanningBench.Request("photos/a"),
        })
            Assert.NotEqual(first.Id, (await _bench.SubmitAsync(other)).Id);
    }

    [Fact]
    public async Task An_id_is_of_one_input_and_one_set_of_settings()
    {
        await _bench.AddAsync("a.png", "b.png");
        await _bench.SubmitAsync(PlanningBench.Request(id: "mine"));
        await _bench.SubmitAsync(PlanningBench.Request(id: "mine"));
        await ConflictAsync(PlanningBench.Request("photos/a", id: "mine"), "input.prefix: '' there, 'a' now");
        await ConflictAsync(PlanningBench.Request(id: "mine") with { ShardSize = 9 }, "shard_size: 2 there, 9 now");
        await ConflictAsync(PlanningBench.Request(id: "mine") with { Images = ["a.png"] }, "input.listed: false there, true now");
        await ConflictAsync(PlanningBench.Request(id: "mine") with { Labels = [new() { Name = "sand" }] }, "only now: 'sand'");
        await ConflictAsync(PlanningBench.Request(id: "mine") with { Settings = new JobSettings { Stride = 8 } }, "settings.stride: not set there, 8 now");
    }

    [Fact]
    public async Task A_background_that_thresholds_need_is_marked_in_the_job_where_its_name_alone_would_not_tell_every_version()
    {
        await _bench.AddAsync("a.png");
        var thresholds = new JobSettings { ProbabilityThreshold = 0.5 };
        Assert.Equal(["background"], await MarkedAsync(thresholds, "grass", "background"));
        // What versions before took, too: the document stays as it was, and so does the id.
        Assert.Empty(await MarkedAsync(thresholds, "background", "grass"));
        Assert.Empty(await MarkedAsync(new JobSettings(), "grass", "background"));

        async Task<IEnumerable<string>> MarkedAsync(JobSettings settings, params string[] names) =>
            (await _bench.SubmitAsync(PlanningBench.Request() with { Settings = settings, Labels = [.. names.Select(name => new LabelClass { Name = name })] }))
                .Labels.Where(label => label.Background).Select(label => label.Name);
    }

    [Fact]
    public async Task An_id_is_of_one_list_also_where_the_first_submit_was_killed_before_it_wrote_the_job()
    {
        await _bench.AddAsync("a.png", "b.png", "c.png");
        _bench.BeforeWrite = name => name == JobNames.Job("mine") ? throw new IOException("killed") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => _bench.SubmitAsync(PlanningBench.Request(id: "mine") with { Images = ["b.png", "a.png"] }));
        _bench.BeforeWrite = _ => Task.CompletedTask;
        await ConflictAsync(PlanningBench.Request(id: "mine") with { Images = ["c.png"] }, "images: 'a.png', 'b.png' there, 'c.png' now");
        var job = await _bench.SubmitAsync(PlanningBench.Request(id: "mine") with { Images = ["a.png", "b.png"] });
        await _bench.PlanAsync(job);
        Assert.Equal((string[])["a.png", "b.png"], await _bench.PlannedAsync("mine"));
        await ConflictAsync(PlanningBench.Request(id: "mine") with { Images = ["a.png", "b.png", "c.png"] }, "images: 'a.png', 'b.png' there, 'a.png', 'b.png', 'c.png' now");
    }

    [Fact]
    public async Task A_list_is_sorted_and_each_image_is_in_it_once()
    {
        await _bench.AddAsync("a.png");
        var job = await _bench.SubmitAsync(PlanningBench.Request() with { Images = ["b.png", "Z.png", "a.png", "b.png", "é.png", "no-ending"] });
        await _bench.PlanAsync(job);
        Assert.Equal((string[])["Z.png", "a.png", "b.png", "no-ending", "é.png"], await _bench.PlannedAsync(job.Id));
    }

    [Fact]
    public async Task Notes_on_labels_stay_short_and_free_of_control_characters_whatever_keys_they_tell()
    {
        await _bench.AddAsync("a.png");
        var read = LabelReader.Parse($$"""{"names": ["grass", "sky"], "a\u0007{{new string('k', 5000)}}": 1}""", "labels");
        var note = Assert.Single((await _bench.SubmitAsync(PlanningBench.Request() with { Labels = read.Set.Classes })).LabelNotes!);
        Assert.StartsWith("Names are those of 'names'; passed over: a\uFFFDkkk", note, StringComparison.Ordinal);
        Assert.Equal(501, note.Length);
    }

    [Fact]
    public async Task A_list_is_of_images_below_the_prefix()
    {
        await _bench.AddAsync("set/a.png", "set.png");
        var error = await Assert.ThrowsAsync<JobRequestException>(() => _bench.SubmitAsync(PlanningBench.Request("photos/set/") with { Images = ["set/a.png", "set.png"] }));
        Assert.Equal(JobRequestFault.Invalid, error.Fault);
        Assert.Contains("'set.png', which does not begin with 'set/'", error.Message, StringComparison.Ordinal);
        await _bench.SubmitAsync(PlanningBench.Request("photos/set/") with { Images = ["set/a.png"] });
    }

    [Fact]
    public async Task A_container_that_is_not_there_and_one_without_images_are_not_found()
    {
        foreach (var request in new[] { PlanningBench.Request("absent"), PlanningBench.Request("absent") with { Images = ["a.png"] } })
            Assert.Equal(JobRequestFault.NotFound, (await Assert.ThrowsAsync<JobRequestException>(() => _bench.SubmitAsync(request))).Fault);
        await _bench.AddAsync("notes.txt");
        Assert.Equal(JobRequestFault.NotFound, (await Assert.ThrowsAsync<JobRequestException>(() => _bench.SubmitAsync(PlanningBench.Request()))).Fault);
    }

    [Fact]
    public async Task A_retry_of_failed_images_that_is_killed_anywhere_loses_no_label()
    {
        await _bench.AddAsync("a.png", "b.png");
        var job = await _bench.SubmitAsync(PlanningBench.Request());
        await _bench.PlanAsync(job);
        Contracts.ImageResult[] results = [new() { Image = "a.png", Status = Contracts.ImageStatus.Ok }, new() { Image = "b.png", Status = Contracts.ImageStatus.Failed, Error = "torn" }];
        await _bench.Stores.Jobs.CommitResultAsync(job.Id, 0, results, CancellationToken.None);
        _bench.Sender.Before = _ => throw new IOException("killed");
        await Assert.ThrowsAsync<IOException>(() => _bench.Control.RetryAsync(job, failed: true, CancellationToken.None));
        var draft = await _bench.Stores.Jobs.ReadDraftAsync(job.Id, 0, CancellationToken.None);
        Assert.Equal("a.png", Assert.Single(draft!.Value.Results).Image);
        _bench.Sender.Before = _ => Task.CompletedTask;
        Assert.Equal((1, 0), await _bench.Control.RetryAsync(job, failed: true, CancellationToken.None));
    }

    private async Task ConflictAsync(JobRequest request, string difference)
    {
        var error = await Assert.ThrowsAsync<JobRequestException>(() => _bench.SubmitAsync(request));
        Assert.Equal(JobRequestFault.Conflict, error.Fault);
        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
    }
}
