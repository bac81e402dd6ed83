using System.CommandLine;
using System.CommandLine.Parsing;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli;

/// <summary>What is wrong with the values of options, for one who knows no types.</summary>
internal static class WrongValues
{
    /// <summary>A line for each option whose value is not of its kind; none where something else, or nothing, is wrong.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed) =>
    [
        .. parsed.CommandResult.Children.Select(Empty).OfType<string>(),
        .. parsed.Errors.Select(error => error.SymbolResult).OfType<OptionResult>().Where(result => result.Tokens.Count > 0).DistinctBy(result => result.Option).Select(Describe).OfType<string>(),
    ];

    /// <summary>A value of nothing, as an unset variable leaves it, where nothing is no value.</summary>
    private static string? Empty(SymbolResult result) => result switch
    {
        OptionResult { Implicit: false } option when option.Tokens.Any(IsEmpty) && !(option.Option.HasDefaultValue && option.Option.GetDefaultValue() is "") => $"{option.Option.Name} is given an empty value.",
        ArgumentResult argument when argument.Tokens.Any(IsEmpty) => $"{argument.Argument.Name} is given an empty value.",
        _ => null,
    };

    private static bool IsEmpty(Token token) => string.IsNullOrWhiteSpace(token.Value);

    private static string? Describe(OptionResult result)
    {
        var type = Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType;
        var kind = type.IsEnum ? string.Join(", ", Enum.GetNames(type)).ToLowerInvariant() : ValueKind.Of(type.FullName!);
        return kind is null ? null : $"{result.Option.Name} must be {kind}; it is '{string.Join(' ', result.Tokens.Select(token => token.Value))}'.";
    }
}
