using System.Xml.Linq;
using Sclip.Testing;

namespace Sclip.Labels.Tests;

/// <summary>Who may know whom: labels know nothing of the engine, and only those that run it do.</summary>
public sealed class ProjectOrderTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Labels_know_contracts_alone() => Assert.Equal(["Sclip.Contracts"], ReferencesOf("Sclip.Labels"));

    [Fact]
    public void Only_those_that_run_the_engine_know_it()
    {
        var knowing = Directory.GetDirectories(Sources).Select(path => Path.GetFileName(path)!).Where(project => ReferencesOf(project).Contains("Sclip.Segmentation"));
        Assert.Equal(["Sclip.Exploration", "Sclip.Segmentation.TorchSharp", "Sclip.Workbench", "Sclip.Worker"], knowing.Order(StringComparer.Ordinal));
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

    private static HashSet<string> Reachable(string project)
    {
        var (found, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([project]));
        while (open.TryPop(out var next))
            foreach (var reference in ReferencesOf(next).Where(found.Add))
                open.Push(reference);
        return found;
    }

    private static string[] ReferencesOf(string project) => Path.Combine(Sources, project, $"{project}.csproj") is var file && File.Exists(file)
        ? [.. XDocument.Load(file).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)]
        : [];
}
