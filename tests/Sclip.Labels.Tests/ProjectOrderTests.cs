using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sclip.Testing;

namespace Sclip.Labels.Tests;

/// <summary>Who may use whom: docs/architecture.md lists the projects from the bottom up, and the project files say no more and no less.</summary>
public sealed partial class ProjectOrderTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src");

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Sources).Select(folder => Path.GetFileName(folder)!).Where(name => File.Exists(FileOf(name)))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_what_the_page_says(string project)
    {
        var room = Assert.Single(Rooms(), room => room.Name == project);
        Assert.Equal(room.Uses.Order(StringComparer.Ordinal), ReferencesOf(project));
    }

    [Fact]
    public void No_arrow_points_down()
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, uses) in Rooms())
        {
            Assert.True(above.IsSupersetOf(uses), $"{name} uses {string.Join(", ", uses.Except(above))}, which the page does not have above it.");
            Assert.True(above.Add(name), $"{name} stands in the page twice.");
        }
        Assert.Equal(Projects.Select(row => row.Data).Order(StringComparer.Ordinal), above.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Sclip.Dashboard")]
    [InlineData("Sclip.Dispatcher")]
    [InlineData("Sclip.Formats")]
    [InlineData("Sclip.Evaluation")]
    [InlineData("Sclip.Imaging")]
    [InlineData("Sclip.Storage")]
    public void What_reads_labels_alone_does_not_reach_the_engine_by_others_either(string project) =>
        Assert.DoesNotContain("Sclip.Segmentation", Reachable(project));

    /// <summary>The table of the page, in its order: a project and those that it uses.</summary>
    private static (string Name, string[] Uses)[] Rooms() =>
        [.. RoomLine().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"))).Select(line =>
            (line.Groups["name"].Value, CodeWord().Matches(line.Groups["uses"].Value).Select(word => $"Sclip.{word.Groups[1].Value}").ToArray()))];

    private static HashSet<string> Reachable(string project)
    {
        var (found, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([project]));
        while (open.TryPop(out var next))
            foreach (var reference in ReferencesOf(next).Where(found.Add))
                open.Push(reference);
        return found;
    }

    private static string[] ReferencesOf(string project) =>
        [.. XDocument.Load(FileOf(project)).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/'))).Order(StringComparer.Ordinal)];

    private static string FileOf(string project) => Path.Combine(Sources, project, $"{project}.csproj");

    [GeneratedRegex(@"^\| `(?<name>Sclip\.[\w.]+)` \|[^|]*\|(?<uses>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex RoomLine();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeWord();
}
