using System.Text.RegularExpressions;
using Sclip.Contracts.Jobs;

namespace Sclip.Contracts;

/// <summary>A model on the hub, <c>organisation/name</c> or <c>organisation/name@revision</c>; a revision is a branch, tag or commit.</summary>
/// <param name="Organisation">Who keeps it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Revision">Branch, tag or commit.</param>
public sealed partial record ModelId(string Organisation, string Name, string Revision)
{
    private const string DefaultRevision = "main", Separator = "--";

    /// <summary>Organisation and name, as the hub's addresses have them.</summary>
    public string Repository => $"{Organisation}/{Name}";

    /// <summary>A folder name that tells all ids apart.</summary>
    public string DirectoryName => $"{Organisation}{Separator}{Leaf}";

    /// <summary>The same as a folder of the organisation with a folder of the model.</summary>
    public string NestedDirectoryName => Path.Combine(Organisation, Leaf);

    private string Leaf => Revision == DefaultRevision ? Name : $"{Name}@{Uri.EscapeDataString(Revision)}";

    /// <summary>Why a text is no id; null where it is one.</summary>
    /// <param name="text">The text, of any length.</param>
    /// <param name="example">An id of the kind that is asked for.</param>
    public static string? Refusal(string text, string example = "openai/clip-vit-base-patch16") =>
        TryParse(text) is null ? $"'{JobNames.Shown(text)}' is no model id; an id reads organisation/name, for example {example}." : null;

    /// <summary>Reads an id; null where the text is none, above all where it could lead out of the cache.</summary>
    public static ModelId? TryParse(string text)
    {
        var match = Pattern().Match(text);
        return match.Success && !text.Contains("..", StringComparison.Ordinal) && !text.Contains(Separator, StringComparison.Ordinal)
            ? new(match.Groups["organisation"].Value, match.Groups["name"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : DefaultRevision)
            : null;
    }

    /// <summary>The id that a folder of the cache is named by; null where it is none.</summary>
    public static ModelId? TryParseDirectoryName(string directoryName) =>
        directoryName.Split(Separator, 2) is [var organisation, var name] ? TryParse($"{organisation}/{Uri.UnescapeDataString(name)}") : null;

    /// <inheritdoc />
    public override string ToString() => Revision == DefaultRevision ? Repository : $"{Repository}@{Revision}";

    [GeneratedRegex(@"\A(?<organisation>[A-Za-z0-9][\w.-]{0,95})/(?<name>[A-Za-z0-9][\w.-]{0,95})(@(?<revision>[A-Za-z0-9][\w.-]{0,63}(/[\w-][\w.-]{0,63}){0,4}))?\z", RegexOptions.ECMAScript)]
    private static partial Regex Pattern();
}
