using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Cli.Tests.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>Jobs by the command line, from pictures on the disk to masks on the disk.</summary>
[Collection(JobCli.Collection)]
public sealed class JobCommandTests(JobCli jobs) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await jobs.UseServersAsync();

    public ValueTask DisposeAsync()
    {
        JobCli.Use();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_a_job_labelled_is_exported_and_comes_back_into_it_with_no_pixel_changed()
    {
        using var cli = new SclipCli();
        var container = await jobs.ContainerAsync([.. Enumerable.Range(1, 3).Select(i => ($"set/scene {i}.png", JobServers.Picture(i)))]);
        var id = await JobCli.DoneAsync(JobCli.Submit($"{container}/set/", "--shard-size", "2"));
        await JobCli.DoneAsync("watch", id);
        await JobCli.DoneAsync("export", id, "--format", "coco-stuff", "--out", cli.Folder["export"]);
        // Twice: the second time each takes the place of what it is alike to.
        for (var i = 0; i < 2; i++)
            Assert.Contains($"3 pictures imported from COCO stuff into job {id} as corrected masks by Ada.", await JobCli.DoneAsync("import", cli.Folder["export"], "--job", id, "--by", "Ada"), StringComparison.Ordinal);
        var measures = JsonNode.Parse(await JobCli.DoneAsync("review", id, "--against", "corrections", "--json"))!;
        Assert.Equal((3, 0, 1.0), (measures["pictures"]!.GetValue<int>(), measures["corrected_pixels"]!.GetValue<int>(), measures["mean_iou"]!.GetValue<double>()));
        // Machine and person agree to the byte.
        Assert.Contains("3 files brought", await JobCli.DoneAsync("results", id, "--out", cli.Output, "--machine"), StringComparison.Ordinal);
        Assert.Contains("3 of them with corrected masks; 0 files brought", await JobCli.DoneAsync("results", id, "--out", cli.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_are_uploaded_labelled_followed_and_brought_back()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png", 1);
        cli.Picture("in/deep/two.png", 2);
        var container = $"c{Guid.NewGuid():n}";
        Assert.StartsWith($"2 pictures uploaded to {container}/set, 0 already there", await JobCli.DoneAsync("upload", cli.Folder["in"], "--to", $"{container}/set"), StringComparison.Ordinal);
        Assert.StartsWith("0 pictures uploaded", await JobCli.DoneAsync("upload", cli.Folder["in"], "--to", $"{container}/set"), StringComparison.Ordinal);

        // Another picture of the same size is another picture.
        var one = await File.ReadAllBytesAsync(cli.Folder["in/one.png"], TestContext.Current.CancellationToken);
        cli.Folder.Write("in/one.png", [.. one[..^1], (byte)~one[^1]]);
        var (code, output, error) = await SclipCli.Run(["upload", cli.Folder["in"], "--to", $"{container}/set"]);
        Assert.Equal(2, code);
        Assert.StartsWith($"0 pictures uploaded to {container}/set, 1 already there, 1 failed", output, StringComparison.Ordinal);
        Assert.Contains($"failed: one.png: {container} has another picture by the name set/one.png. Upload it to another place, or give --replace.", error, StringComparison.Ordinal);
        Assert.StartsWith($"0 pictures uploaded to {container}/set, 1 replaced, 1 already there", await JobCli.DoneAsync("upload", cli.Folder["in"], "--to", $"{container}/set", "--replace"), StringComparison.Ordinal);
        cli.Folder.Write("in/one.png", one);
        await JobCli.DoneAsync("upload", cli.Folder["in"], "--to", $"{container}/set", "--replace");

        var id = await JobCli.DoneAsync(JobCli.Submit($"{container}/set/", "--formats", "mask,overlay,doubt", "--name", "the tour", "--shard-size", "1"));
        Assert.True(JobNames.IsId(id), id);
        Assert.Equal(id, await JobCli.DoneAsync(JobCli.Submit($"{container}/set/", "--formats", "mask,overlay,doubt", "--name", "the tour", "--shard-size", "1")));
        var watched = await JobCli.DoneAsync("watch", id);
        Assert.DoesNotContain("\r", watched, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", watched, StringComparison.Ordinal);
        Assert.Contains("completed", watched, StringComparison.Ordinal);
        var status = await JobCli.DoneAsync("status", id);
        Assert.Contains("the tour", status, StringComparison.Ordinal);
        Assert.Contains("2 of 2", status, StringComparison.Ordinal);
        Assert.Contains(id, await JobCli.DoneAsync("jobs"), StringComparison.Ordinal);

        Assert.Contains("2 results", await JobCli.DoneAsync("results", id, "--out", cli.Output), StringComparison.Ordinal);
        foreach (var result in cli.Results)
        {
            Assert.True(File.Exists(Path.Combine(cli.Output, result["mask"]!.GetValue<string>())));
            Assert.True(File.Exists(Path.Combine(cli.Output, result["overlay"]!.GetValue<string>())));
            Assert.True(File.Exists(Path.Combine(cli.Output, result["doubt_map"]!.GetValue<string>())));
        }
        Assert.Contains("0 files brought", await JobCli.DoneAsync("results", id, "--out", cli.Output), StringComparison.Ordinal);

        // What a retried shard wrote anew is brought anew.
        var mask = $"{JobNames.Folder(id)}{cli.Results[0]["mask"]}";
        var content = await jobs.Jobs.Store.ReadAsync(mask, int.MaxValue, CancellationToken.None);
        await jobs.Jobs.Store.WriteAsync(mask, content.Bytes, WriteCondition.None, CancellationToken.None);
        Assert.Contains("1 file brought", await JobCli.DoneAsync("results", id, "--out", cli.Output), StringComparison.Ordinal);

        // What was brought down and what is in the store are exported alike.
        foreach (var (source, to) in ((string, string)[])[(id, "of-job"), (cli.Output, "of-folder")])
            Assert.Contains("2 pictures exported", await JobCli.DoneAsync("export", source, "--format", "coco-instances", "--out", cli.Folder[to]), StringComparison.Ordinal);
        var exported = await File.ReadAllTextAsync(cli.Folder["of-job/annotations/instances_train.json"], TestContext.Current.CancellationToken);
        Assert.Contains("\"name\":\"a house\"", exported, StringComparison.Ordinal);
        Assert.Equal(exported, await File.ReadAllTextAsync(cli.Folder["of-folder/annotations/instances_train.json"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_dry_run_tells_what_a_job_takes_and_submits_nothing()
    {
        var container = await jobs.ContainerAsync(("set/a.png", JobServers.Picture(1)), ("set/b.png", JobServers.Picture(2)));
        var submit = JobCli.Submit($"{container}/set/", "--short-side", "0", "--crop", "64", "--stride", "32");
        // At once: each listens to the workers for some seconds.
        var inJson = JobCli.DoneAsync([.. submit, "--dry-run", "--json"]);
        var (code, output, error) = await SclipCli.Run([.. submit, "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Contains("images   2", output, StringComparison.Ordinal);
        Assert.Contains("workers  1", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was submitted.", error, StringComparison.Ordinal);
        Assert.Equal(2, (int)SchemaCheck.Line("submit-dry-run", await inJson)["images"]!);
        var estimate = JsonSerializer.Deserialize(await inJson, Json.Default.JobEstimate)!;
        Assert.Null(await jobs.Jobs.ReadJobAsync(estimate.Id, CancellationToken.None));
        Assert.Equal(estimate.Id, await JobCli.DoneAsync(submit));
        await JobCli.DoneAsync("watch", estimate.Id);
        Assert.Equal(estimate.Windows, (await jobs.Jobs.ReadResultsAsync(estimate.Id, CancellationToken.None).SelectMany(results => results).ToArrayAsync()).Sum(result => (long)(result.Windows ?? 0)));
        Assert.Contains("There are no images", await JobCli.RefusedAsync([.. JobCli.Submit($"{container}/nothing/"), "--dry-run"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_names_is_a_job_over_those_alone()
    {
        using var cli = new SclipCli();
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)), ("b.png", JobServers.Picture(2)), ("c.png", JobServers.Picture(3)));
        var list = cli.Folder.Write("list.txt", "c.png\r\n\na.png\nc.png\n");
        var id = await JobCli.DoneAsync(JobCli.Submit($"{container}@{list}"));
        Assert.Equal((string[])["a.png", "c.png"], await jobs.PlannedAsync(id));
        Assert.Equal(id, await JobCli.DoneAsync(JobCli.Submit(container, "--list", list)));
        var whole = cli.Folder.Write("whole.txt", $"{container}/c.png\n{container}/a.png\n");
        Assert.Equal(id, await JobCli.DoneAsync(JobCli.Submit($"@{whole}")));
        var mixed = cli.Folder.Write("mixed.txt", $"{container}/c.png\nother/a.png\n");
        Assert.Contains("'other/a.png' does not begin with", await JobCli.RefusedAsync(JobCli.Submit($"@{mixed}")), StringComparison.Ordinal);
        Assert.NotEqual(id, await JobCli.DoneAsync(JobCli.Submit(container, "--list", list, "--new")));
    }

    [Fact]
    public async Task A_submit_that_is_interrupted_is_finished_by_the_same_command()
    {
        var names = Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{i:000}.png")).ToArray();
        var container = await jobs.ContainerAsync([.. names.Select(name => (name, new byte[] { 1 }))]);
        var arguments = JobCli.Submit(container, "--shard-size", "1", "--id", container);
        using var stop = new CancellationTokenSource();
        var submit = Task.Run(() => SclipCli.Run(arguments, stop.Token));
        while (!submit.IsCompleted && !await jobs.Jobs.Store.TryExistsAsync(JobNames.Shard(container, 3)))
            await Task.Yield();
        await stop.CancelAsync();
        var (code, _, error) = await submit;
        Assert.True(code == 130, $"{code}: {error}");
        Assert.Null(await jobs.PlanAsync(container));
        Assert.Equal(container, await JobCli.DoneAsync(arguments));
        Assert.Equal(names, await jobs.PlannedAsync(container));
        Assert.Equal(200, (await jobs.PlanAsync(container))!.Images);
    }

    [Fact]
    public async Task A_submit_of_a_job_that_is_there_tells_what_is_not_in_it()
    {
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)));
        var id = await JobCli.DoneAsync(JobCli.Submit(container, "--name", "first"));
        var (code, output, error) = await SclipCli.Run(JobCli.Submit(container, "--name", "second", "--priority", "3"));
        Assert.Equal((0, id), (code, output.Trim()));
        Assert.Contains("is this very request; images that were added or changed since are not in it", error, StringComparison.Ordinal);
        Assert.Contains("is called 'first', and stays so: the name 'second'", error, StringComparison.Ordinal);
        Assert.Contains("the priority 0, and keeps it: the priority 3", error, StringComparison.Ordinal);
        Assert.DoesNotContain("missing of its plan", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_on_the_ids_of_labels_stay_with_a_submitted_job()
    {
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)));
        var id = await JobCli.DoneAsync("submit", "--input", container, "--labels", """{"3": "grass", "7": "sky"}""", "--model", JobServers.Model);
        Assert.Contains("The ids are 3 to 7", Assert.Single((await jobs.Jobs.ReadJobAsync(id, CancellationToken.None))!.LabelNotes!), StringComparison.Ordinal);
        Assert.Contains("The ids are 3 to 7", await JobCli.DoneAsync("status", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_a_list_outside_the_prefix_are_refused()
    {
        using var cli = new SclipCli();
        var list = cli.Folder.Write("outside.txt", "set/a.png\nother.png\n");
        Assert.Contains("'other.png', which does not begin with 'set'", await JobCli.RefusedAsync(JobCli.Submit($"photos/set@{list}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_is_labelled_again_after_a_retry()
    {
        var container = await jobs.ContainerAsync(("good.png", JobServers.Picture(1)), ("mended.png", [1, 2]));
        var id = await JobCli.DoneAsync(JobCli.Submit(container));
        var (code, watched, _) = await SclipCli.Run(["watch", id]);
        Assert.Equal(2, code);
        Assert.Contains("1 x ", watched, StringComparison.Ordinal);
        Assert.Contains("All shards", await JobCli.DoneAsync("retry", id), StringComparison.Ordinal);
        await jobs.Account.Container(container).WriteAsync("mended.png", JobServers.Picture(2), WriteCondition.None, CancellationToken.None);
        Assert.StartsWith($"Enqueued 1 shard of {id}, with 1 image that failed.", await JobCli.DoneAsync("retry", id, "--failed"), StringComparison.Ordinal);
        await JobCli.DoneAsync("watch", id);
        Assert.All((await jobs.Jobs.ReadResultAsync(id, 0, CancellationToken.None))!, result => Assert.Equal(ImageStatus.Ok, result.Status));
        Assert.Contains("no image failed", await JobCli.DoneAsync("retry", id, "--failed"), StringComparison.Ordinal);
        Assert.Contains("complete", await JobCli.RefusedAsync("cancel", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_no_worker_can_do_says_why_and_is_cancelled_and_retried()
    {
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)));
        var id = await JobCli.DoneAsync("submit", "--input", container, "--labels", "grass, sky", "--model", "absent/here");
        var (code, watched, _) = await SclipCli.Run(["watch", id]);
        Assert.Equal(1, code);
        Assert.Contains("absent/here", watched, StringComparison.Ordinal);
        Assert.StartsWith($"Cancelled {id}", await JobCli.DoneAsync("cancel", id), StringComparison.Ordinal);
        jobs.Servers.AddModel("absent/here");
        Assert.StartsWith("Enqueued 1 shard of", await JobCli.DoneAsync("retry", id), StringComparison.Ordinal);
        await JobCli.DoneAsync("watch", id);
    }

    [Fact]
    public async Task A_job_that_asks_for_a_device_which_no_worker_has_waits_and_says_so()
    {
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)));
        Assert.Contains("'tpu' is no device that a job may ask for; there are cpu, cuda.", await JobCli.RefusedAsync(JobCli.Submit(container, "--on", "tpu")), StringComparison.Ordinal);
        var id = await JobCli.DoneAsync(JobCli.Submit(container, "--on", "cuda"));
        for (var left = 300; !(await JobCli.DoneAsync("status", id)).Contains("waiting for a worker with cuda", StringComparison.Ordinal); left--)
        {
            Assert.True(left > 0, await JobCli.DoneAsync("status", id));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        var watched = new HeardWriter("waiting, 0/1 image done: waiting for a worker with cuda");
        var watch = Task.Run(() => SclipCli.Run(["watch", id], output: watched));
        await Task.WhenAny(watch, watched.Heard, Task.Delay(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken));
        await JobCli.DoneAsync("cancel", id);
        Assert.Equal(1, (await watch).ExitCode);
        Assert.True(watched.Heard.IsCompleted, watched.ToString());
    }

    [Fact]
    public async Task A_submit_is_the_root_of_what_the_worker_does()
    {
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", jobs.Servers.Otlp.HttpEndpoint);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            var id = await JobCli.DoneAsync(JobCli.Submit(await jobs.ContainerAsync(("a.png", JobServers.Picture(1)))));
            await jobs.Servers.Otlp.WaitAsync(receiver =>
                receiver.Spans.FirstOrDefault(span => span is { Name: "submit", Service: "sclip" } && Equals(span.Attributes.GetValueOrDefault("sclip.job"), id)) is { } submit
                && receiver.Spans.Any(span => span.Name == "commit" && span.TraceId == submit.TraceId));
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }
    }

    [Theory]
    [InlineData("CONTAINER/set/", "no images")]
    [InlineData("absent-container/set/", "'absent-container'")]
    [InlineData("No Container", "CONTAINER or CONTAINER/PREFIX")]
    [InlineData("photos/../other", "'..'")]
    [InlineData("photos@/nowhere/list.txt", "/nowhere/list.txt")]
    [InlineData("photos/", "unknown", "--formats", "mask,gif")]
    [InlineData("photos/", "1..10000", "--shard-size", "0")]
    [InlineData("photos/", "0..9", "--priority", "10")]
    [InlineData("photos/", "a-z", "--id", "../x")]
    [InlineData("photos/", "magic", "--method", "magic")]
    [InlineData("photos/", "stride", "--crop", "64", "--stride", "65")]
    [InlineData("photos/", "--crop 0", "--method", "cliptrase:clusters")]
    public async Task A_submit_that_cannot_be_says_why(string input, string expected, params string[] more)
    {
        if (expected == "unknown")
            expected = "'gif'";
        input = input.Replace("CONTAINER", await jobs.ContainerAsync(), StringComparison.Ordinal);
        Assert.Contains(expected, await JobCli.RefusedAsync(JobCli.Submit(input, more)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_a_job_is_no_folder() =>
        Assert.Contains("organisation/name", await JobCli.RefusedAsync("submit", "--input", "photos", "--labels", "a, b", "--model", "/some/folder"), StringComparison.Ordinal);
}

/// <summary>A store that is yet to be created has nothing in it.</summary>
file static class StoreExtensions
{
    public static async Task<bool> TryExistsAsync(this IBlobStore store, string name)
    {
        try
        {
            return await store.ExistsAsync(name, CancellationToken.None);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Missing)
        {
            return false;
        }
    }
}
