using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli;

/// <summary>What a command line lacks, or has that its command does not know, in one line.</summary>
internal static class Misuse
{
    /// <summary>What is wrong; null where nothing is, or where help is asked for.</summary>
    public static string? Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Action is not ParseErrorAction && parsed.Action != command.Action)
            return null;
        if (!command.TreatUnmatchedTokensAsErrors)
            return MistypedOption(parsed, command) is { } mistyped ? $"{mistyped} ({PathOf(parsed.CommandResult)} --help shows all options)" : null;
        // A group of commands alone shows its help.
        if (command.Action is null)
            return parsed.UnmatchedTokens is [var typed, ..] ? $"{Unknown(typed, command)} ({PathOf(parsed.CommandResult)} --help shows the commands)" : null;
        var said = UnknownOption(parsed, command) ?? (parsed.Errors.Count == 0 ? null : WrongCount(parsed) ?? Missing(parsed, command) ?? TooMany(parsed, command) ?? parsed.Errors[0].Message);
        return said is null ? null : $"{said} ({PathOf(parsed.CommandResult)} --help shows all options)";
    }

    private static string Unknown(string typed, Command command)
    {
        if (IsOption(typed))
            return $"There is no option {NameOf(typed)}.";
        var near = NearestName.Of(typed, command.Subcommands.Select(item => item.Name));
        return $"There is no command '{typed}'{(near is null ? "." : $"; did you mean '{near}'?")}";
    }

    /// <summary>An option that is mistyped is taken for an argument where the command has one.</summary>
    private static string? UnknownOption(ParseResult parsed, Command command)
    {
        if (Taken(parsed).Concat(parsed.UnmatchedTokens).FirstOrDefault(text => IsOption(text) && !Path.Exists(text)) is not { } typed)
            return null;
        var name = NameOf(typed);
        var rest = NearestName.Of(name, command.Options.Select(option => option.Name)) is { } near ? $"; did you mean {near}?" : parsed.UnmatchedTokens.Contains(typed) ? "." : ", and no file or folder of that name.";
        return $"There is no option {name}{rest}";
    }

    /// <summary>The services take settings whose names are not known here, but none of the program's is an option's with a letter changed.</summary>
    private static string? MistypedOption(ParseResult parsed, Command command) => Taken(parsed).Concat(parsed.UnmatchedTokens).Where(text => IsOption(text) && !text.Contains(':', StringComparison.Ordinal))
        .Select(text => (Name: NameOf(text), Near: NearestName.Of(NameOf(text), command.Options.Select(option => option.Name))))
        .Where(item => item.Near is not null).Select(item => $"There is no option {item.Name}; did you mean {item.Near}?").FirstOrDefault();

    private static IEnumerable<string> Taken(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value);

    private static string? WrongCount(ParseResult parsed) => parsed.Errors
        .Select(error => error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult).OfType<OptionResult>().Where(result => !result.Implicit)
        .Select(result => result.Tokens.Count switch
        {
            0 => $"{result.Option.Name} needs a value behind it.",
            1 => null,
            _ => $"{result.Option.Name} takes one value; given are {string.Join(", ", result.Tokens.Select(token => $"'{token.Value}'"))}.",
        })
        .FirstOrDefault(text => text is not null);

    private static string? Missing(ParseResult parsed, Command command)
    {
        var name = NameOf(parsed.CommandResult);
        var arguments = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0)).ToArray();
        string[] names = [.. arguments.Select(argument => argument.Name), .. command.Options.Where(option => option.Required && parsed.GetResult(option) is not { Implicit: false }).Select(option => option.Name)];
        return names switch
        {
            [] => null,
            [_] when arguments is [{ Description: [var first, .. var rest] }] => $"{name} needs {names[0]}: {char.ToLowerInvariant(first)}{rest.TrimEnd('.')}.",
            [var only] => $"{name} needs {only}.",
            [.. var others, var last] => $"{name} needs {string.Join(", ", others)} and {last}.",
        };
    }

    private static string? TooMany(ParseResult parsed, Command command) => parsed.UnmatchedTokens is [var typed, ..]
        ? $"{NameOf(parsed.CommandResult)} takes {(command.Arguments.Count == 0 ? "no arguments" : $"one {string.Join(", ", command.Arguments.Select(argument => argument.Name))}")}, and '{typed}' is one too many."
        : null;

    // A list of names in YAML, "- cat\n- dog", is none.
    private static bool IsOption(string text) => text is ['-', _, ..] && !NameOf(text).Any(char.IsWhiteSpace);

    private static string NameOf(string option) => option.Split('=')[0];

    private static string PathOf(CommandResult result) => result.Parent is CommandResult ? $"sclip {NameOf(result)}" : "sclip";

    /// <summary>A command with those above it, such as <c>model pull</c>.</summary>
    private static string NameOf(CommandResult result) => result.Parent is CommandResult { Parent: CommandResult } above ? $"{NameOf(above)} {result.Command.Name}" : result.Command.Name;
}
