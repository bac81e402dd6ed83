using System.CommandLine;
using Sclip.Cli.Jobs;
using Sclip.Cli.Labelling;

namespace Sclip.Cli.Tests;

public sealed class ResumptionTests
{
    private const string Ends = "Interrupted.", GoesOn = "Interrupted. The same command goes on where it stopped.";

    [Theory]
    [InlineData(GoesOn, "label", "photos", "--labels", "a", "--model", "m", "--out", "o")]
    [InlineData(GoesOn, "submit", "--input", "photos", "--labels", "a", "--model", "m")]
    [InlineData(Ends, "submit", "--input", "photos", "--labels", "a", "--model", "m", "--dry-run")]
    [InlineData(GoesOn, "upload", "photos", "--to", "photos")]
    [InlineData(GoesOn, "results", "job", "--out", "o")]
    [InlineData(GoesOn, "retry", "job")]
    [InlineData(Ends, "jobs")]
    [InlineData(Ends, "status", "job")]
    [InlineData(Ends, "watch", "job")]
    [InlineData(Ends, "cancel", "job")]
    public void An_interrupted_command_says_that_the_same_goes_on_only_where_it_does(string said, params string[] command)
    {
        var context = new CliContext(TextWriter.Null, TextWriter.Null, Interactive: false, default, default);
        var root = new RootCommand { LabelCommand.Create(context) };
        foreach (var each in JobCommands.Create(context))
            root.Add(each);
        Assert.Equal(said, Resumption.Of(root.Parse(command)));
    }
}
