using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>What the Dockerfile says of its targets.</summary>
internal static partial class Dockerfile
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));

    /// <summary>The names of all stages.</summary>
    public static IReadOnlyList<string> Targets { get; } = [.. From().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>The version that images have where none is given, the same for all.</summary>
    public static string Version { get; } = Assert.Single(Regex.Matches(Text, @"^ARG VERSION=(\S*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct());

    /// <summary>The port that a target exposes; null where it exposes none.</summary>
    public static int? Port(string target)
    {
        var stage = From().Matches(Text).Single(match => match.Groups[1].Value == target);
        var next = From().Match(Text, stage.Index + stage.Length);
        var exposed = Regex.Match(Text[stage.Index..(next.Success ? next.Index : Text.Length)], @"^EXPOSE (\d+)$", RegexOptions.Multiline);
        return exposed.Success ? int.Parse(exposed.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"^FROM\s+.+\s+AS\s+(\S+)\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex From();
}
