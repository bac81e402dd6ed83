using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;
using Sclip.Storage.Folders;
using Sclip.Testing;

namespace Sclip.Storage.Tests.Folders;

public sealed class OwnedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_marked_is_read_again_and_the_same_owner_may_go_on()
    {
        var marker = new FolderMarker { Command = "label", Settings = new JsonObject { ["stride"] = 32, ["crop"] = null } };
        using (var owned = Open(marker))
        {
            Assert.Null(owned.Earlier);
            owned.Mark(marker);
        }
        using var again = Open(marker);
        Assert.Equal("label", again.Earlier!.Command);
        again.Dispose();
        Assert.Equal(["sclip-folder.json"], Directory.GetFiles(Out).Select(Path.GetFileName));
    }

    [Fact]
    public void Another_command_is_refused_also_by_force_and_another_owner_unless_forced()
    {
        var marker = new FolderMarker { Command = "results", Job = "one" };
        using (var owned = Open(marker))
            owned.Mark(marker);
        var before = File.ReadAllText(Path.Combine(Out, FolderMarker.FileName));
        Assert.Contains("holds results of job one; `sclip label` does not write into it", Refusal(new FolderMarker { Command = "label" }, force: true), StringComparison.Ordinal);
        Assert.Contains("  job: one there, two now\nUse another --out, or --force to replace it", Refusal(new FolderMarker { Command = "results", Job = "two" }), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(Out, FolderMarker.FileName)));
        Assert.Single(Directory.GetFileSystemEntries(Out));
        Open(new FolderMarker { Command = "results", Job = "two" }, force: true).Dispose();
    }

    [Theory]
    [InlineData("out/notes.txt", false)]
    [InlineData("out/sub/a.jpg", false)]
    [InlineData("out/.gitkeep", true)]
    [InlineData("out/lost+found/a", true)]
    public void A_folder_with_something_of_ones_own_is_refused_but_for_what_is_hidden(string file, bool isTaken)
    {
        _folder.Write(file, "mine");
        if (isTaken)
            Open(new FolderMarker { Command = "label" }).Dispose();
        else
            Assert.Contains("is not empty", Refusal(new FolderMarker { Command = "label" }, force: true), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder[file]));
        Assert.Single(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public void Of_many_that_want_a_folder_at_once_one_has_it()
    {
        Directory.CreateDirectory(Out);
        var (inside, most, taken) = (0, 0, 0);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            try
            {
                using var owned = Open(new FolderMarker { Command = "label" });
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Thread.SpinWait(1000);
                Interlocked.Decrement(ref inside);
                Interlocked.Increment(ref taken);
            }
            catch (FolderException error)
            {
                Assert.Contains("in use by another sclip", error.Message, StringComparison.Ordinal);
            }
        });
        Assert.Equal(1, most);
        Assert.InRange(taken, 1, 400);
        Assert.Empty(Directory.GetFileSystemEntries(Out));

        static void InterlockedMax(ref int most, int now)
        {
            for (var there = most; now > there && Interlocked.CompareExchange(ref most, now, there) != there; there = most)
            {
            }
        }
    }

    [Theory]
    [InlineData("label", "sclip-settings.json", """{"stride": 32}""")]
    [InlineData("export", "sclip-export.json", """{"format": "voc", "entries": ["SegmentationClass"]}""")]
    [InlineData("benchmark", "benchmark.json", "{}")]
    public void Folders_of_earlier_versions_are_known_by_their_files_and_marked_anew(string command, string file, string content)
    {
        _folder.Write($"out/{file}", content);
        Assert.Equal(command, FolderMarkers.Find(Out)!.Command);
        using var owned = OwnedFolder.Open(Out, command, _ => null);
        owned.Mark(owned.Earlier!);
        Assert.Equal(owned.Earlier!.Settings?.ToJsonString(), FolderMarkers.Find(Out)!.Settings?.ToJsonString());
        // What says the same in another form is gone, and all else stays.
        Assert.Equal(file.StartsWith("sclip-", StringComparison.Ordinal), !File.Exists(_folder[$"out/{file}"]));
    }

    [Fact]
    public void Results_and_reports_of_earlier_versions_are_known_and_said_to_be_of_nobody()
    {
        _folder.Write("out/results.jsonl", "");
        _folder.Write("out/labels.json", "[]");
        Assert.Contains("an earlier version did not name", Refusal(new FolderMarker { Command = "results", Job = "one" }), StringComparison.Ordinal);
        foreach (var file in (string[])["report.html", "metrics.json", "confusion.csv"])
            _folder.Write($"report/{file}", "");
        Assert.Equal("eval", FolderMarkers.Find(_folder["report"])!.Command);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"job": "one"}""")]
    [InlineData("""{"command": "label", "later": 1}""")]
    [InlineData("""{"command": "label", "settings": {"crop": 64, "crop": 64}}""")]
    [InlineData("""{"command": "label", "settings": {"method": "\ud800"}}""")]
    public void A_marker_that_cannot_be_read_is_named(string content)
    {
        _folder.Write("out/sclip-folder.json", content);
        Assert.Contains("sclip-folder.json, which says what the folder is, is damaged.", Refusal(new FolderMarker { Command = "label" }, force: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("""["/in", "a\u0000b"]""")]
    public void Inputs_that_are_no_paths_are_named(string inputs)
    {
        _folder.Write("out/sclip-folder.json", $$"""{"command": "label", "inputs": {{inputs}}}""");
        Assert.Contains("sclip-folder.json, which says what the folder is, is damaged: inputs holds what is no path. Choose", Refusal(new FolderMarker { Command = "label" }, force: true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_system_that_does_not_tell_capitals_apart_is_noticed()
    {
        using var owned = Open(new FolderMarker { Command = "label" });
        owned.Mark(new FolderMarker { Command = "label" });
        Assert.False(owned.IgnoresCase);
        // As such a file system would have it.
        _folder.Write("out/SCLIP-FOLDER.JSON", "");
        Assert.True(owned.IgnoresCase);
    }

    private OwnedFolder Open(FolderMarker marker, bool force = false) => OwnedFolder.Open(Out, marker, force, "replace it");

    private string Refusal(FolderMarker marker, bool force = false) => Assert.Throws<FolderException>(() => Open(marker, force)).Message;
}
