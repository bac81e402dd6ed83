using Sclip.Cli.Jobs;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>Jobs on terminals of 80 and 40 columns: nothing is cut, and no line is longer.</summary>
public sealed class NarrowTerminalTests
{
    private const string Reason = "no worker takes shards from segment-shard, where 1,000,000 shards wait: start one, or see why none starts";

    private const string Name = "All that was seen on the tour through the hills and along the river, first and second day";

    private static readonly JobStatus[] All =
    [
        new() { Id = "photos-of-a-tour-2f1c9a7be0d3", Name = Name, State = JobState.Waiting, Reason = Reason, Created = DateTimeOffset.UnixEpoch, Shards = 1_000_000, ShardsDone = 0, Images = 64_000_000, Labelled = 0, Failed = 0, Windows = 0 },
        new() { Id = "two", State = JobState.Completed, Created = DateTimeOffset.UnixEpoch, Shards = 1, ShardsDone = 1, Images = 8, Labelled = 7, Failed = 1, Windows = 56, Failures = new Dictionary<string, long> { [Reason] = 1 } },
    ];

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(200)]
    public void A_list_of_jobs_holds_everything_in_lines_that_fit(int columns)
    {
        var output = Written(columns, context => JobList.Write(context, new JobFilter(), All));
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= columns, line));
        var text = Unwrapped(output);
        foreach (var part in (string[])["photos-of-a-tour-2f1c9a7be0d3", Name, "waiting", "64,000,000", Reason, "two", "completed", "1970-01-01 00:00"])
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal(columns > 40, output.StartsWith("job ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_terminal_a_job_is_one_line_whatever_its_length()
    {
        var output = new StringWriter();
        JobList.Write(new CliContext(output, TextWriter.Null, Interactive: false, default, default), new JobFilter(), All);
        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith($"{Name}  {Reason}", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_name_of_others_moves_the_cursor_sets_a_colour_or_begins_a_line(bool isInteractive)
    {
        const string Hostile = "a\u001b[31mred\nforged\u009b2J\r";
        var job = All[1] with { Name = Hostile, Reason = Hostile, Workers = [Hostile], Warnings = [Hostile], Failures = new Dictionary<string, long> { [Hostile] = 1 }, Pixels = new Dictionary<string, long> { [Hostile] = 1 } };
        var output = new StringWriter();
        var context = new CliContext(output, output, isInteractive, default, default, 80);
        JobList.Write(context, new JobFilter(), [job]);
        JobView.Show(context, job);
        context.TellFailure(Hostile, Hostile);
        // On a terminal it moves the cursor itself.
        if (!isInteractive)
            await new JobFollower(context, TimeSpan.Zero).FollowAsync(() => Task.FromResult(job));
        var text = output.ToString();
        Assert.Contains("forged", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain(text.Split('\n'), line => line.TrimStart(' ', '│').StartsWith("forged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void A_job_is_shown_in_a_box_that_fits_with_its_failures(int columns)
    {
        var output = Written(columns, context => JobView.Show(context, All[1]));
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= columns, line));
        Assert.Contains("1 x no worker takes", Unwrapped(output), StringComparison.Ordinal);
        Assert.Contains("none starts", Unwrapped(output), StringComparison.Ordinal);
    }

    private static string Written(int columns, Action<CliContext> write)
    {
        var output = new StringWriter();
        write(new CliContext(output, TextWriter.Null, Interactive: true, default, default, columns));
        return output.ToString();
    }

    private static string Unwrapped(string output) => string.Join(' ', output.Split([' ', '\n', '│', '|'], StringSplitOptions.RemoveEmptyEntries));
}
