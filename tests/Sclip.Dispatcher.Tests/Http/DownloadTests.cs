using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Dispatcher.Downloads;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Results of a job as one file.</summary>
public sealed class DownloadTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task Masks_come_as_they_are_with_classes_and_results()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(9, ("set/broken.jpg", [1, 2, 3]))}/set/"));
        using var answer = await Client.GetAsync($"/jobs/{id}/download");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"{id}-masks.zip", answer.Content.Headers.ContentDisposition?.FileName);
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(9 + 3, zip.Entries.Count);
        foreach (var mask in zip.Entries.Where(entry => entry.FullName.StartsWith("masks/", StringComparison.Ordinal)))
            Assert.Equal(await Client.GetByteArrayAsync($"/jobs/{id}/{mask.FullName}"), Read(mask));
        Assert.Equal(await Client.GetStringAsync($"/jobs/{id}/results"), Text(zip, "results.jsonl"));
        Assert.Equal(["grass", "sky", "a house"], JsonNode.Parse(Text(zip, "labels.json"))!.AsArray().Select(label => (string?)label!["name"]));
        Assert.StartsWith($"Job {id}: 9 masks.", Text(zip, "sclip-download.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mask_that_is_gone_is_told_and_the_rest_is_there()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(2)}/set/"));
        await fixture.Jobs.Store.DeleteAsync((await fixture.BlobsAsync(id)).Where(name => name.StartsWith("masks/set/scene-2", StringComparison.Ordinal)).Select(name => $"jobs/{id}/{name}").Single(), CancellationToken.None);
        foreach (var format in new[] { "masks", "mmseg" })
        {
            using var zip = await ZipAsync(id, format);
            Assert.Contains("not in here: set/scene-2.png", Text(zip, "sclip-download.txt"), StringComparison.Ordinal);
            Assert.Single(zip.Entries, entry => entry.FullName.Contains("scene-", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Every_format_can_be_had_and_leaves_nothing_behind()
    {
        var id = await fixture.SharedJobAsync();
        var choices = JsonNode.Parse(await Client.GetStringAsync("/choices"))!["downloads"]!.AsArray().Select(choice => (string)choice!["format"]!).ToArray();
        Assert.Contains("coco-instances", choices);
        foreach (var format in choices)
        {
            using (var check = await Client.GetAsync($"/jobs/{id}/download?format={format}&check=true"))
                Assert.Equal(HttpStatusCode.NoContent, check.StatusCode);
            using var zip = await ZipAsync(id, format);
            Assert.True(zip.Entries.Count > 2, $"{format}: {string.Join(", ", zip.Entries.Select(entry => entry.FullName))}");
            Assert.Contains(" 8 ", Text(zip, "sclip-download.txt"), StringComparison.Ordinal);
            // Of a job without failures they say nothing more.
            Assert.Equal(format == "masks", zip.GetEntry("results.jsonl") is not null);
        }
        await UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_export_of_a_job_with_failures_has_its_results()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(1, ("set/broken.jpg", [1, 2, 3]))}/set/"));
        using var zip = await ZipAsync(id, "coco-instances");
        Assert.Contains("broken.jpg", Text(zip, "results.jsonl"), StringComparison.Ordinal);
        Assert.Contains("1 picture could not be labelled", Text(zip, "sclip-download.txt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("masks", "accepted", "set/scene-2.png", "Only what was reviewed so: accepted; 2 pictures are left out.")]
    [InlineData("masks", "open,rejected", "set/scene-1.png set/scene-3.png", "Only what was reviewed so: open or rejected; 1 picture is left out.")]
    [InlineData("mmseg", "accepted", "set/scene-2.png", "Only what was reviewed so: accepted; 2 pictures are left out.")]
    [InlineData("mmseg", "flagged", "", "Only what was reviewed so: flagged; 3 pictures are left out.")]
    public async Task Only_what_was_reviewed_so_is_in_it_where_that_is_asked_for(string format, string reviewed, string expected, string note)
    {
        var id = await fixture.CompleteAsync(JobFixture.Request($"{await fixture.ContainerAsync(3)}/set/"));
        using (var made = await Client.PostAsJsonAsync($"/jobs/{id}/review", new { reviewer = "Ada", decision = "accepted", images = new[] { new { image = "set/scene-2.png", shard = 0, revision = 0 } } }))
            Assert.True(made.IsSuccessStatusCode);
        using var zip = await ZipAsync(id, $"{format}&reviewed={reviewed}");
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, 3).Select(i => $"set/scene-{i}.png").Where(name => zip.Entries.Any(entry => entry.FullName.Contains(Path.GetFileNameWithoutExtension(name), StringComparison.Ordinal)))));
        Assert.Contains(note, Text(zip, "sclip-download.txt"), StringComparison.Ordinal);
        if (format == "masks")
            Assert.Equal(expected, string.Join(' ', Text(zip, "results.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["image"])));
    }

    [Fact]
    public async Task What_cannot_be_had_says_why_before_anything_is_sent()
    {
        var id = await fixture.SharedJobAsync();
        using var unknown = await Client.GetAsync($"/jobs/{id}/download?format=gif");
        Assert.Contains("masks, voc", await JobFixture.ProblemAsync(unknown, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        foreach (var check in new[] { "", "&check=true" })
        {
            using var decision = await Client.GetAsync($"/jobs/{id}/download?format=voc&reviewed=acepted{check}");
            Assert.Contains("reviewed: 'acepted' is no decision (did you mean 'accepted'?); there are accepted, rejected, flagged, open.", await JobFixture.ProblemAsync(decision, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }
        using var none = await Client.GetAsync("/jobs/no-such-job/download");
        Assert.Contains("no-such-job", await JobFixture.ProblemAsync(none, HttpStatusCode.NotFound), StringComparison.Ordinal);
        var empty = await fixture.WrittenJobAsync(0, _ => [], drafts: 0);
        using var nothing = await Client.GetAsync($"/jobs/{empty}/download?format=voc");
        Assert.Contains("no results yet", await JobFixture.ProblemAsync(nothing, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_left_early_leaves_nothing_behind()
    {
        var id = await fixture.SharedJobAsync();
        for (var i = 0; i < 3; i++)
        {
            using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(30 * i));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                using var answer = await Client.GetAsync($"/jobs/{id}/download?format=npy", HttpCompletionOption.ResponseHeadersRead, leaving.Token);
                leaving.Cancel();
                await answer.Content.CopyToAsync(Stream.Null, leaving.Token);
            });
        }
        // Three of them would have taken all turns: one is free again as soon as the service has heard of it, and what was made is gone.
        await Look.UntilAsync(
            "a turn is free",
            async token =>
            {
                using var answer = await Client.GetAsync($"/jobs/{id}/download?format=npy", token);
                return answer.StatusCode;
            },
            status => status == HttpStatusCode.OK);
        await UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task One_that_takes_too_much_disk_is_refused_with_what_to_do()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(40)}/set/");
        var id = await fixture.CompleteAsync(request);
        using var downloads = new JobDownload(JobStores.Of(fixture.Account, JobFixture.JobContainer), new DispatcherOptions { DownloadMegabytes = 0 });
        var job = (await fixture.Jobs.ReadJobAsync(id, CancellationToken.None))!;
        var error = await Assert.ThrowsAsync<JobRequestException>(() => downloads.PrepareAsync(job, "npy", reviewed: null, CancellationToken.None));
        Assert.Equal(JobRequestFault.TooLarge, error.Fault);
        Assert.Contains($"sclip export {id} --format npy", error.Message, StringComparison.Ordinal);
        await UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task Those_that_are_sent_slowly_keep_no_turn_and_those_without_room_are_told_to_come_again()
    {
        var room = new DownloadRoom(100);
        using var first = await room.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        var second = await room.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        var error = await Assert.ThrowsAsync<JobRequestException>(() => room.TakeAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));
        Assert.Equal(JobRequestFault.Busy, error.Fault);
        // One that is made and small, and still being sent, makes room; so does one that ends.
        first.Keep(20);
        using var third = await room.TakeAsync(TimeSpan.Zero, CancellationToken.None);
        var waiting = room.TakeAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        second.Dispose();
        second.Dispose();
        using var fourth = await waiting;
        await Assert.ThrowsAsync<JobRequestException>(() => room.TakeAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));
    }

    /// <summary>The answer is whole a moment before what it was made of is gone.</summary>
    private static async Task UntilNothingIsLeftAsync()
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (Left().Length > 0)
            await Task.Delay(50, limit.Token);
    }

    private static string[] Left() => [.. Directory.GetDirectories(Path.GetTempPath(), $"sclip-download-{Environment.ProcessId}-*").SelectMany(Directory.GetDirectories)];

    private async Task<ZipArchive> ZipAsync(string id, string format)
    {
        var answer = await Client.GetAsync($"/jobs/{id}/download?format={format}");
        Assert.True(answer.IsSuccessStatusCode, $"{format}: {await answer.Content.ReadAsStringAsync()}");
        return new ZipArchive(await answer.Content.ReadAsStreamAsync());
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Text(ZipArchive zip, string name) => System.Text.Encoding.UTF8.GetString(Read(Assert.IsType<ZipArchiveEntry>(zip.GetEntry(name))));
}
