using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>The sources of the program as text, for what no assembly tells: names of spans, metrics and variables.</summary>
internal static class Sources
{
    private static readonly string[] Built = ["bin", "obj"];

    /// <summary>All of it.</summary>
    public static string Text { get; } = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Built.Intersect(file.Split(Path.DirectorySeparatorChar)).Any()).Order(StringComparer.Ordinal).Select(File.ReadAllText));

    /// <summary>What the first group of a pattern holds, each once and in order.</summary>
    public static string[] All(string pattern) => [.. Regex.Matches(Text, pattern).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];
}
