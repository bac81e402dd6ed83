using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Sclip.Cli;

/// <summary>
/// Options that are decimal numbers: with a point whatever the machine's language, and without separators of thousands, or 0,1 would be read
/// as 1.
/// </summary>
internal static class DecimalOption
{
    public static Option<double?> Create(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = Parse,
    };

    private static double? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            return value;
        // What is said of it is WrongValues' to say, as of all options.
        result.AddError($"'{text}' is no number.");
        return null;
    }
}
