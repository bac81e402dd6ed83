using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>The summary of a run, and the page of <c>--report</c>.</summary>
public sealed partial class RunReportTests
{
    [Fact]
    public async Task The_summary_names_the_folders_that_were_asked_for_and_has_no_box_without_a_terminal()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png");
        var (code, output, error) = await cli.Label("--overlay", "--scores");
        Assert.True(code == 0, error);
        Assert.Matches($@"(?m)^ ?overlays +{Regex.Escape(Path.Combine(cli.Output, "overlays"))}$", output);
        Assert.Matches($@"(?m)^ ?scores +{Regex.Escape(Path.Combine(cli.Output, "scores"))}$", output);
        Assert.DoesNotContain("doubt maps", output, StringComparison.Ordinal);
        Assert.DoesNotMatch("[─│╭╰┌└|]| $", output);
        Assert.False(File.Exists(Path.Combine(cli.Output, "report.html")));
    }

    [Fact]
    public async Task A_page_shows_shares_doubt_the_worst_pictures_and_failures_and_loads_nothing()
    {
        using var cli = new SclipCli();
        for (var scene = 1; scene <= 3; scene++)
            cli.Picture($"in/scene-{scene}.png", scene);
        cli.Folder.Write("in/<script>alert(1)<b>.png", "no picture");
        var (code, output, error) = await cli.Label("--report");
        Assert.True(code == 2, error);
        Assert.Contains(Path.Combine(cli.Output, "report.html"), output, StringComparison.Ordinal);
        var page = await PageAsync(cli);
        Assert.Contains("&lt;script&gt;alert(1)&lt;b&gt;.png", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.All(Address().Matches(page), match => Assert.StartsWith("data:image/jpeg;base64,", match.Groups[1].Value, StringComparison.Ordinal));
        // A picture and its overlay for each.
        Assert.Equal(6, Address().Count(page));
        var shown = Heading().Matches(page).Select(match => match.Groups[1].Value);
        var byDoubt = cli.Results.Where(result => result["doubt"] is not null).OrderByDescending(result => (double)result["doubt"]!).Select(result => (string)result["image"]!);
        Assert.Equal(byDoubt, shown);
        Assert.Contains("grass", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_counts_what_an_earlier_run_labelled_and_shows_masks_alone_where_pictures_are_gone()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png", 1);
        cli.Picture("in/two.png", 2);
        Assert.Equal(0, (await cli.Label("--keep-features", "fp16")).ExitCode);
        var (code, output, error) = await cli.Label("--keep-features", "fp16", "--report");
        Assert.True(code == 0, error);
        Assert.Matches(@"skipped \(labelled before\) +2", output);
        Assert.Equal(2, Heading().Count(await PageAsync(cli)));

        Directory.Delete(cli.Folder["in"], recursive: true);
        (code, _, error) = await SclipCli.Run(["relabel", cli.Output, "--labels", "grass, sky", "--out", cli.Folder["other"], "--report"]);
        Assert.True(code == 0, error);
        Assert.Contains("warning: 2 of the 2 pictures that the report shows cannot be read any more: one.png, two.png", error, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(cli.Folder["other/report.html"], TestContext.Current.CancellationToken);
        Assert.Equal(2, Address().Count(page));
    }

    [Fact]
    public async Task A_page_that_cannot_be_written_is_told_before_anything_is_labelled_where_that_is_known()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png");
        Assert.Equal(0, (await cli.Label()).ExitCode);
        File.Delete(Path.Combine(cli.Output, "masks", "one.png.png"));
        Directory.CreateDirectory(Path.Combine(cli.Output, "report.html"));
        var (code, output, error) = await cli.Label("--report");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"sclip: The report {Path.Combine(cli.Output, "report.html")} cannot be written: it is a folder.", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.Output, "masks", "one.png.png")));
    }

    [Fact]
    public async Task A_page_that_fails_at_the_end_loses_no_label_and_the_same_command_writes_it()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png");
        var page = Path.Combine(cli.Output, "report.html");
        // Once it labels, its page can no longer take its place.
        var (code, output, error) = await cli.Label(new Told("labelling on", () => Directory.CreateDirectory(page)), "--report");
        Assert.True(code == 3, $"{code}: {error}");
        Assert.Contains($"sclip: The report {page} cannot be written: ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(cli.Output, "*.part"));
        Assert.Matches("(?m)^ ?labelled +1$", output);
        Assert.DoesNotContain("report.html", output, StringComparison.Ordinal);

        Directory.Delete(page);
        (code, output, error) = await cli.Label("--report", "--json");
        Assert.True(code == 0, error);
        var summary = JsonNode.Parse(output)!;
        Assert.Equal((0, 1, page), ((int)summary["labelled"]!, (int)summary["skipped"]!, (string?)summary["report"]));
        Assert.True(File.Exists(page));
    }

    [Fact]
    public async Task What_force_labels_anew_leaves_no_old_page_behind()
    {
        using var cli = new SclipCli();
        cli.Picture("in/one.png");
        await cli.Label("--report");
        Assert.Equal(0, (await cli.Label("--force")).ExitCode);
        Assert.False(File.Exists(Path.Combine(cli.Output, "report.html")));
    }

    /// <summary>Does something once a line is written.</summary>
    private sealed class Told(string beginning, Action does) : StringWriter
    {
        public override Task WriteLineAsync(string? value)
        {
            if (value?.StartsWith(beginning, StringComparison.Ordinal) == true)
                does();
            return base.WriteLineAsync(value);
        }
    }

    private static Task<string> PageAsync(SclipCli cli) => File.ReadAllTextAsync(Path.Combine(cli.Output, "report.html"), TestContext.Current.CancellationToken);

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Address();

    [GeneratedRegex("<h3>([^<]*)</h3>")]
    private static partial Regex Heading();
}
