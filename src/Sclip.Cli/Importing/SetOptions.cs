using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Formats.Importing;

namespace Sclip.Cli.Importing;

/// <summary>The options of commands that open annotations of others, but for <c>--pictures</c>, which each has a use of its own for.</summary>
internal sealed class SetOptions
{
    private const string Unknown = "void";
    private readonly Option<string[]> _void = new("--void-color") { Description = "A colour of pixels that are of no class, in masks of colours: #rrggbb or r,g,b; may be given several times.", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _masks = new("--masks") { Description = "The folder of the PNGs, where they do not lie beside the file that tells of them." };
    private readonly Option<string?> _unknown = new("--unknown") { Description = "void: pixels of classes that are not among those of --labels are of no class (default: such classes are refused)." };

    public IEnumerable<Option> All => [.. OfReading, _unknown];

    /// <summary>Those that say how annotations are read, and not what is made of their classes.</summary>
    public IEnumerable<Option> OfReading => [_void, _masks];

    /// <summary>Whether any is given.</summary>
    public string? Given(ParseResult parsed) => All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What a result depends on of them, for its folder to say; what is not given is null.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Settings(ParseResult parsed) =>
    [
        new("void_colors", parsed.GetValue(_void) is { Length: > 0 } colors ? string.Join(' ', colors.Select(text => Color(text).ToString())) : null),
        new("masks", parsed.GetValue(_masks) is { } masks ? FolderMarker.Place(masks) : null),
        new("unknown", parsed.GetValue(_unknown)),
    ];

    /// <exception cref="UserException">A colour is none.</exception>
    public ImportOptions Of(ParseResult parsed, string? format, IReadOnlyList<LabelClass>? labels, string? pictures) => new()
    {
        Format = format,
        Labels = labels,
        VoidColors = [.. (parsed.GetValue(_void) ?? []).Select(Color)],
        Masks = parsed.GetValue(_masks),
        Pictures = pictures,
    };

    /// <exception cref="UserException">The value is another.</exception>
    public bool UnknownAreVoid(ParseResult parsed) => parsed.GetValue(_unknown) switch
    {
        null => false,
        Unknown => true,
        var other => throw new UserException($"--unknown must be {Unknown}; it is '{other}'."),
    };

    private static RgbColor Color(string text)
    {
        if (RgbColor.TryParse(text, out var color))
            return color;
        var channels = text.Split(',', StringSplitOptions.TrimEntries).Select(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : (byte?)null).ToArray();
        return channels is [{ } red, { } green, { } blue] ? new RgbColor(red, green, blue) : throw new UserException($"--void-color must be #rrggbb or r,g,b; it is '{text}'.");
    }
}
