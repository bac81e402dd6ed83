using System.Text.RegularExpressions;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Presets;
using Sclip.Formats;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Docs;

/// <summary>That the documentation can be found one's way in.</summary>
public sealed class DocTests
{
    private const int MostBytesOfReadme = 9000;

    /// <summary>What there is several of, and the page that has them all.</summary>
    public static TheoryData<string, string> Listed =>
    [
        .. DenseMethodNames.All.Select(name => ("methods.md", name.Split(':') is [var form, "N" or "FILE"] ? form : name)),
        .. ExportFormat.All.Select(format => ("formats.md", format.Name)),
        .. ImageDecoder.Endings.Select(ending => ("label.md", ending)),
        .. BenchmarkPresets.All.Select(preset => ("evaluate.md", preset.Name)),
    ];

    public static TheoryData<string> Pages => [.. DocPage.All.Select(page => page.Name)];

    public static TheoryData<string> TaskPages => [.. DocPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal) && page.Name != "docs/README.md").Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string name)
    {
        var page = new DocPage(name);
        foreach (var (path, anchor) in page.Links)
        {
            var target = path == "" ? page.File : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.File)!, path));
            Assert.True(Path.Exists(target), $"{name} links to {path}, which is not there.");
            if (anchor != "")
                Assert.True(new DocPage(Path.GetRelativePath(Repository.Root, target)).Anchors.Contains(anchor), $"{name} links to {path}#{anchor}; that page has no such heading.");
        }
    }

    [Theory]
    [MemberData(nameof(TaskPages))]
    public void The_map_has_every_page(string name) => Assert.Contains((Path.GetFileName(name), ""), new DocPage("docs/README.md").Links);

    /// <summary>What most readers of a page came for stands before its first section.</summary>
    [Theory]
    [MemberData(nameof(TaskPages))]
    public void A_page_begins_with_a_command(string name)
    {
        var begin = new DocPage(name).Text.Split("\n## ")[0];
        Assert.True(begin.Contains("\n    ", StringComparison.Ordinal) || begin.Contains("\n```", StringComparison.Ordinal), $"{name} has no command before its first section.");
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void A_page_has_all_that_there_is(string page, string name) => Assert.Matches($@"(?<![\w-]){Regex.Escape(name)}(?![\w-])", new DocPage($"docs/{page}").Text);

    [Fact]
    public void The_readme_is_short() => Assert.InRange(new FileInfo(new DocPage("README.md").File).Length, 1, MostBytesOfReadme);
}
