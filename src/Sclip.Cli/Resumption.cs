using System.CommandLine;
using System.CommandLine.Parsing;
using Sclip.Cli.Jobs;

namespace Sclip.Cli;

/// <summary>What a command that was interrupted says.</summary>
internal static class Resumption
{
    private const string Interrupted = "Interrupted.";

    // They keep what they have done, and pass it over. Others write at their end, or do no more than look.
    private static readonly HashSet<string> GoingOn = ["label", "relabel", "benchmark", "upload", "submit", "retry", "results"];

    /// <summary>That it was interrupted; and where it is so, that the same command goes on.</summary>
    /// <param name="parsed">The command line; null where it was not read yet.</param>
    public static string Of(ParseResult? parsed) =>
        parsed is not null && GoingOn.Contains(parsed.CommandResult.Command.Name) && parsed.GetResult(SubmitCommand.DryRunName) is not OptionResult { Implicit: false }
            ? $"{Interrupted} The same command goes on where it stopped."
            : Interrupted;
}
