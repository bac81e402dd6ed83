using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Docs;

/// <summary>A page of the documentation.</summary>
/// <param name="Name">Its path below the repository, '/' between folders.</param>
internal sealed partial record DocPage(string Name)
{
    /// <summary>All pages: of the root, of docs, and what is beside code.</summary>
    public static IReadOnlyList<DocPage> All { get; } =
    [
        .. ((string[])["", "docs", "k8s", "bench", "tools", "findings"])
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md"))
            .Select(path => new DocPage(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')))
            .OrderBy(page => page.Name, StringComparer.Ordinal),
    ];

    public string File => Path.Combine(Repository.Root, Name);

    public string Text => System.IO.File.ReadAllText(File);

    /// <summary>The lines of its code blocks, indented or fenced, without their indent; lines that a backslash continues are one.</summary>
    public IReadOnlyList<string> CodeLines
    {
        get
        {
            var (lines, fenced, open) = (new List<string>(), false, "");
            foreach (var line in Text.Split('\n'))
            {
                if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                    fenced = !fenced;
                else if (fenced || line.StartsWith("    ", StringComparison.Ordinal))
                {
                    var (text, goesOn) = line.TrimEnd() is var whole && whole.EndsWith('\\') ? (whole[..^1], true) : (whole, false);
                    open += text.TrimStart();
                    if (goesOn)
                        continue;
                    lines.Add(open);
                    open = "";
                }
            }
            return lines;
        }
    }

    /// <summary>Names of places in it, as links have them behind '#': its headings.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(Text).Select(heading => AnchorOf(heading.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Where its links lead that stay in the repository: a path as it stands there, and an anchor; either may be empty.</summary>
    public IEnumerable<(string Path, string Anchor)> Links => Link().Matches(Text).Select(link => link.Groups[1].Value)
        .Where(target => !target.Contains(':', StringComparison.Ordinal))
        .Select(target => target.Split('#', 2) is [var path, var anchor] ? (path, anchor) : (target, ""));

    public override string ToString() => Name;

    private static string AnchorOf(string heading) =>
        NoAnchor().Replace(Code().Replace(heading.Trim(), "$1"), "").ToLowerInvariant().Replace(' ', '-');

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>Of a link in a heading, its text.</summary>
    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex NoAnchor();
}
