using System.Text;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Tests.Jobs;

/// <summary><c>sclip results</c> on a store that is a folder: what comes down, again, in part, and into what.</summary>
[Collection(JobCli.Collection)]
public sealed class ResultsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SclipCli _cli = new();
    private readonly JobStores _stores;

    public ResultsTests()
    {
        JobCli.Use(("STORE__FOLDER", _cli.Folder["store"]));
        _stores = JobStores.Of(new FileBlobAccount(_cli.Folder["store"]), "sclip");
    }

    public void Dispose()
    {
        JobCli.Use();
        _cli.Dispose();
    }

    [Fact]
    public async Task Results_of_another_job_are_refused_and_replaced_by_force()
    {
        await JobAsync("one", ["sky", "grass"], ("a.png", 0), ("b.png", 1));
        await JobAsync("two", ["sky", "sand"], ("b.png", 0), ("c.png", 1));
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        var before = Files();
        var (code, _, error) = await SclipCli.Run(["results", "two", "--out", _cli.Output]);
        Assert.Equal(1, code);
        Assert.Contains("holds results of job one, and not what is asked for now:\n  job: one there, two now\n", error, StringComparison.Ordinal);
        Assert.Contains("  labels: only there: 'grass'; only now: 'sand'; class 1 is 'grass' there, 'sand' now\n", error, StringComparison.Ordinal);
        Assert.Equal(before, Files());

        _cli.Folder.Write("out/notes.txt", "mine");
        Assert.Contains("2 files brought", await JobCli.DoneAsync("results", "two", "--out", _cli.Output, "--force"), StringComparison.Ordinal);
        Assert.Equal(["labels.json", "masks/b.png.png", "masks/c.png.png", "notes.txt", "results.jsonl", "sclip-brought.tsv", "sclip-folder.json"], Files().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, Label("masks/b.png.png"));
        Assert.Contains("2 pictures exported", await JobCli.DoneAsync("export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_of_the_same_id_in_another_store_is_another_job()
    {
        await JobAsync("one", ["sky"], ("a.png", 0));
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        JobCli.Use(("STORE__FOLDER", _cli.Folder["other"]));
        await JobAsync(JobStores.Of(new FileBlobAccount(_cli.Folder["other"]), "sclip"), "one", ["sky"], DateTimeOffset.UnixEpoch.AddDays(1), ("a.png", 0));
        Assert.Contains("created: '1970-01-01T00:00:00+00:00' there, '1970-01-02T00:00:00+00:00' now", (await SclipCli.Run(["results", "one", "--out", _cli.Output])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_differs_in_the_store_or_here_is_brought_again()
    {
        var job = await JobAsync("one", ["sky", "grass"], ("a.png", 0), ("b.png", 0), ("c.png", 0), ("deep/d.png", 0));
        Assert.Contains("4 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        Assert.Contains("0 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);

        // Labelled again in the store, of the same size; cut off here; gone here.
        var size = new FileInfo(_cli.Folder["out/masks/a.png.png"]).Length;
        await _stores.Outputs(job).WriteAsync(OutputNames.Mask("a.png"), Mask(1), WriteCondition.None, None);
        await _stores.Jobs.Store.DeleteAsync(JobNames.Result("one", 0), None);
        await _stores.Jobs.CommitResultAsync("one", 0, [Result("a.png", "grass")], None);
        await File.WriteAllBytesAsync(_cli.Folder["out/masks/b.png.png"], [1, 2], None);
        File.Delete(_cli.Folder["out/masks/c.png.png"]);
        Assert.Contains("3 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        Assert.Equal((size, 1), (new FileInfo(_cli.Folder["out/masks/a.png.png"]).Length, Label("masks/a.png.png")));
        Assert.Equal(0, Label("masks/b.png.png"));
        Assert.True(File.Exists(_cli.Folder["out/masks/c.png.png"]));

        // A record that was torn, or lost, costs time and nothing else.
        await File.AppendAllTextAsync(_cli.Folder["out/sclip-brought.tsv"], "12\tab", None);
        Assert.Contains("0 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        File.Delete(_cli.Folder["out/sclip-brought.tsv"]);
        Assert.Contains("4 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        Assert.Contains("0 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_a_job_that_is_not_complete_are_said_to_be_part_until_they_are_all()
    {
        var job = await JobAsync("one", ["sky"], ("a.png", 0));
        await _stores.Jobs.Store.DeleteAsync(JobNames.Summary("one"), None);
        var (code, _, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("warning: Job one was not complete when its results were brought: 1 of its 1 image had results. Bring them again when it is (sclip watch one).\n", error, StringComparison.Ordinal);
        (code, _, error) = await SclipCli.Run(["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]]);
        Assert.Equal(2, code);
        Assert.Contains("warning: Job one was not complete when its results were brought", error, StringComparison.Ordinal);
        await new JobCompletion(_stores.Jobs).TryCompleteAsync(job, None);
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        await JobCli.DoneAsync("export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"], "--force");
    }

    [Fact]
    public async Task What_is_missing_in_the_store_is_told_now_and_by_those_that_read_the_folder()
    {
        var job = await JobAsync("one", ["sky"], ("a.png", 0), ("b.png", 0));
        await _stores.Outputs(job).DeleteAsync(OutputNames.Mask("b.png"), None);
        var (code, output, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal((2, true), (code, output.Contains("1 file brought, 1 failed", StringComparison.Ordinal)));
        Assert.StartsWith("failed: masks/b.png.png: ", error, StringComparison.Ordinal);
        (code, _, error) = await SclipCli.Run(["eval", _cli.Output, "--ground-truth", _cli.Folder["out/masks"], "--out", _cli.Folder["eval"]]);
        Assert.Equal(0, code);
        Assert.Contains("is not whole: 1 file of job one could not be brought", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_is_continued_and_until_then_known_to_be_part()
    {
        (string, ushort)[] images = [.. Enumerable.Range(0, 300).Select(i => (FormattableString.Invariant($"{i:000}.png"), (ushort)0))];
        await JobAsync("one", ["sky"], images);
        await InterruptedAsync();
        Assert.InRange(Directory.GetFiles(_cli.Folder["out/masks"]).Length, 1, 299);
        Assert.Contains("holds no results.jsonl yet: `sclip results one` is at work in this folder, or was interrupted", await ExportedAsync(1), StringComparison.Ordinal);

        // As a run that was killed leaves them.
        _cli.Folder.Write($"out/masks/.{Guid.NewGuid():n}.part", "half a mask");
        var already = Directory.GetFiles(_cli.Folder["out/masks"], "*.png").Length;
        var brought = await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        Assert.InRange(int.Parse(brought.Split("; ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 300 - already, 299);
        Assert.Empty(Directory.GetFiles(_cli.Folder["out/masks"], ".*"));
        foreach (var mask in Directory.GetFiles(_cli.Folder["out/masks"]))
            File.Delete(mask);
        await InterruptedAsync();
        Assert.Contains("was interrupted; the same command goes on where it stopped. What is there is exported.", await ExportedAsync(2), StringComparison.Ordinal);
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        Assert.DoesNotContain("warning", await ExportedAsync(0, "--force"), StringComparison.Ordinal);

        async Task InterruptedAsync()
        {
            using var stop = new CancellationTokenSource();
            using var watcher = new FileSystemWatcher(_cli.Folder.Path, "*.png") { IncludeSubdirectories = true, EnableRaisingEvents = true };
            watcher.Renamed += (_, _) => stop.Cancel();
            Assert.Equal(130, (await SclipCli.Run(["results", "one", "--out", _cli.Output], stop.Token)).ExitCode);
        }

        async Task<string> ExportedAsync(int expected, params string[] more)
        {
            var (code, _, error) = await SclipCli.Run(["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"], .. more]);
            Assert.Equal(expected, code);
            return error;
        }
    }

    [Fact]
    public async Task What_label_wrote_is_not_replaced_by_results_nor_the_other_way_round()
    {
        await JobAsync("one", ["sky"], ("a.png", 0));
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        var before = Files();
        Assert.Contains("holds what `sclip label` labelled; `sclip results` does not write into it", await JobCli.RefusedAsync("results", "one", "--out", _cli.Output, "--force"), StringComparison.Ordinal);
        Assert.Equal(before, Files());

        await JobCli.DoneAsync("results", "one", "--out", _cli.Folder["brought"]);
        var label = await JobCli.RefusedAsync("label", _cli.Folder["in"], "--labels", "sky", "--model", SclipCli.Model, "--out", _cli.Folder["brought"], "--force");
        Assert.Contains("holds results of job one; `sclip label` does not write into it", label, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_an_earlier_version_brought_are_nobodys_and_brought_anew_by_force()
    {
        await JobAsync("one", ["sky"], ("a.png", 0));
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        File.Delete(_cli.Folder["out/sclip-folder.json"]);
        File.Delete(_cli.Folder["out/sclip-brought.tsv"]);
        await JobCli.DoneAsync("export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]);
        Assert.Contains("holds results of a job, which an earlier version did not name", (await SclipCli.Run(["results", "one", "--out", _cli.Output])).Error, StringComparison.Ordinal);
        Assert.Contains("1 file brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output, "--force"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_that_were_mixed_before_are_known_by_their_pixels()
    {
        await JobAsync("one", ["sky", "grass"], ("a.png", 0));
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        await File.WriteAllBytesAsync(_cli.Folder["out/masks/a.png.png"], Mask(1), None);
        var (code, _, error) = await SclipCli.Run(["export", _cli.Output, "--format", "npy", "--out", _cli.Folder["export"]]);
        Assert.Equal(2, code);
        Assert.Contains("failed: a.png: its mask masks/a.png.png has other pixels than its result counts", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_job_labelled_before_it_was_stopped_is_brought_and_exported_and_said_to_be_part()
    {
        await JobAsync("one", ["sky", "grass"], ("a.png", 0), ("b.png", 1), ("c.png", 0));
        // As a job is left that was cancelled: a shard is done, one is half done, one was not begun.
        await _stores.Jobs.Store.DeleteAsync(JobNames.Summary("one"), None);
        foreach (var shard in (int[])[1, 2])
            await _stores.Jobs.Store.DeleteAsync(JobNames.Result("one", shard), None);
        await _stores.Jobs.WriteDraftAsync("one", 1, new ShardDraft(), [Result("b.png", "grass")], etag: null, None);
        await _stores.Jobs.CancelAsync("one", None);
        var (code, output, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("2 results in ", output, StringComparison.Ordinal);
        Assert.Contains("warning: Job one was not complete when its results were brought: 2 of its 3 images had results. ", error, StringComparison.Ordinal);
        Assert.Equal(["a.png", "b.png"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
        foreach (var source in (string[])["one", _cli.Output])
        {
            (code, output, error) = await SclipCli.Run(["export", source, "--format", "npy", "--out", _cli.Folder["export"], "--force"]);
            Assert.Equal(2, code);
            Assert.Contains("2 pictures exported", output, StringComparison.Ordinal);
            Assert.Contains("warning: Job one ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mask_that_is_anothers_is_brought_again_and_one_in_the_store_is_refused()
    {
        var job = await JobAsync("one", ["sky", "grass"], ("a.png", 0), ("b.png", 1));
        await JobCli.DoneAsync("results", "one", "--out", _cli.Output);
        var good = await File.ReadAllBytesAsync(_cli.Folder["out/masks/b.png.png"], None);
        File.Copy(_cli.Folder["out/masks/a.png.png"], _cli.Folder["out/masks/b.png.png"], overwrite: true);
        Assert.Equal(good.Length, new FileInfo(_cli.Folder["out/masks/b.png.png"]).Length);
        Assert.Contains("1 file brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        Assert.Equal(good, await File.ReadAllBytesAsync(_cli.Folder["out/masks/b.png.png"], None));

        await _stores.Outputs(job).WriteAsync(OutputNames.Mask("b.png"), Mask(0), WriteCondition.None, None);
        var (code, _, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("failed: masks/b.png.png: in the store it is damaged, or not what its result tells of", error, StringComparison.Ordinal);
        Assert.Equal(good, await File.ReadAllBytesAsync(_cli.Folder["out/masks/b.png.png"], None));
    }

    [Fact]
    public async Task A_job_whose_pictures_all_failed_is_not_brought_or_exported_as_if_it_were_whole()
    {
        var job = await JobAsync("one", ["sky"], ("a.png", 0));
        await _stores.Jobs.Store.DeleteAsync(JobNames.Result("one", 0), None);
        await _stores.Jobs.CommitResultAsync("one", 0, [new ImageResult { Image = "a.png", Status = ImageStatus.Failed, Error = "the file is empty." }], None);
        var (code, output, _) = await SclipCli.Run(["results", job.Id, "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("1 of them of pictures that could not be labelled; 0 files brought", output, StringComparison.Ordinal);
        foreach (var source in (string[])[job.Id, _cli.Output])
        {
            (code, output, _) = await SclipCli.Run(["export", source, "--format", "voc", "--out", _cli.Folder["export"], "--force"]);
            Assert.Equal(2, code);
            Assert.Contains("0 pictures exported", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Results_that_are_gone_from_a_job_that_was_completed_are_missed()
    {
        await JobAsync("one", ["sky"], ("a.png", 0), ("b.png", 0));
        await _stores.Jobs.Store.DeleteAsync(JobNames.Result("one", 1), None);
        var (code, _, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("warning: Results of job one are gone from the store: it was completed with 2 images, and 1 have any.", error, StringComparison.Ordinal);
        foreach (var source in (string[])["one", _cli.Output])
        {
            (code, _, error) = await SclipCli.Run(["export", source, "--format", "npy", "--out", _cli.Folder["export"], "--force"]);
            Assert.Equal(2, code);
            Assert.Contains("Results of job one are gone from the store", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_that_differ_only_in_capitals_are_both_brought_where_the_file_system_has_both()
    {
        await JobAsync("one", ["sky", "grass"], ("a.png", 0), ("A.png", 1));
        Assert.Contains("2 files brought", await JobCli.DoneAsync("results", "one", "--out", _cli.Output), StringComparison.Ordinal);
        Assert.Equal((0, 1), (Label("masks/a.png.png"), Label("masks/A.png.png")));

        // As a file system has it that takes both names for one.
        _cli.Folder.Write("out/SCLIP-FOLDER.JSON", "");
        var (code, _, error) = await SclipCli.Run(["results", "one", "--out", _cli.Output]);
        Assert.Equal(2, code);
        Assert.Contains("differs from it only in capitals", error, StringComparison.Ordinal);
    }

    private Task<JobDocument> JobAsync(string id, string[] labels, params (string Name, ushort Label)[] images) => JobAsync(_stores, id, labels, DateTimeOffset.UnixEpoch, images);

    /// <summary>Writes a job that is complete, a picture of one label a shard.</summary>
    private static async Task<JobDocument> JobAsync(JobStores stores, string id, string[] labels, DateTimeOffset created, params (string Name, ushort Label)[] images)
    {
        var job = new JobDocument
        {
            Id = id,
            Created = created,
            Input = new JobInput { Container = "photos" },
            Labels = [.. labels.Select(name => new LabelClass { Name = name })],
            Model = "demo/model",
            Settings = new JobSettings(),
            ShardSize = 1,
        };
        await stores.Jobs.CreateJobAsync(job, None);
        await stores.Jobs.CreatePlanAsync(id, new JobPlan { Shards = images.Length, Images = images.Length }, None);
        foreach (var (shard, (name, label)) in images.Index())
        {
            await stores.Outputs(job).WriteAsync(OutputNames.Mask(name), Mask(label), WriteCondition.None, None);
            await stores.Jobs.CommitResultAsync(id, shard, [Result(name, labels[label])], None);
        }
        await new JobCompletion(stores.Jobs).TryCompleteAsync(job, None);
        return job;
    }

    private static ImageResult Result(string name, string label) =>
        new() { Image = name, Status = ImageStatus.Ok, Mask = OutputNames.Mask(name), Width = 2, Height = 1, Pixels = new Dictionary<string, long> { [label] = 2 } };

    private static byte[] Mask(ushort label)
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, [label, label], 2, 1, Palette.PascalVoc(2));
        return png.ToArray();
    }

    private int Label(string mask) => MaskDecoder.Read(File.ReadAllBytes(Path.Combine(_cli.Output, mask)), ImageLimits.Default).Labels[0];

    private Dictionary<string, string> Files() => Directory.GetFiles(_cli.Output, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_cli.Output, path), path => Encoding.Latin1.GetString(File.ReadAllBytes(path)));
}
