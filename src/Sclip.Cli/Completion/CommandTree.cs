using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace Sclip.Cli.Completion;

/// <summary>A command as a shell completes it.</summary>
/// <param name="Place">The commands down to it, a slash before each, such as <c>/model/pull</c>; empty for the program.</param>
/// <param name="Description">What it does, in a line.</param>
/// <param name="Commands">The commands below it.</param>
/// <param name="Options">Its options, <c>--help</c> among them.</param>
/// <param name="Values">The words that its first argument may be, where they can be counted.</param>
internal sealed record CommandTree(string Place, string Description, IReadOnlyList<CommandTree> Commands, IReadOnlyList<CompletedOption> Options, IReadOnlyList<string> Values)
{
    /// <summary>Its name.</summary>
    public string Name => Place[(Place.LastIndexOf('/') + 1)..];

    /// <summary>Itself, and all below.</summary>
    public IEnumerable<CommandTree> All => Commands.SelectMany(command => command.All).Prepend(this);

    public static CommandTree Of(Command command) => Of(command, "");

    private static CommandTree Of(Command command, string place) => new(
        place, FirstLine(command.Description),
        [.. command.Subcommands.Where(below => !below.Hidden).Select(below => Of(below, $"{place}/{below.Name}"))],
        [.. command.Options.Where(option => !option.Hidden && option is not HelpOption).Select(Of), new CompletedOption("--help", "Show help", TakesValue: false, [])],
        [.. command.Arguments.Take(1).SelectMany(argument => argument.GetCompletions(CompletionContext.Empty)).Select(item => item.Label)]);

    private static CompletedOption Of(Option option)
    {
        var takesValue = option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
        return new(option.Name, FirstLine(option.Description), takesValue, takesValue ? [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)] : []);
    }

    /// <summary>A shell shows a line: the first clause says what something is.</summary>
    private static string FirstLine(string? description) => (description ?? "").ReplaceLineEndings(" ").Split([". ", "; ", ": "], 2, StringSplitOptions.None)[0].TrimEnd('.');
}

/// <summary>An option as a shell completes it.</summary>
/// <param name="Name">Its name, such as <c>--out</c>.</param>
/// <param name="Description">What it does, in a line.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Values">Values that can be counted; where there are none, files are proposed.</param>
internal sealed record CompletedOption(string Name, string Description, bool TakesValue, IReadOnlyList<string> Values);
