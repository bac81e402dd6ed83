using System.Xml.Linq;
using Sclip.Testing;

namespace Sclip.Labels.Tests;

/// <summary>What <c>./test.sh fast</c> runs: the test projects that need nothing by their project files.</summary>
public sealed class FastProjectTests
{
    private static readonly string Tests = Path.Combine(Repository.Root, "tests");

    [Fact]
    public void These_projects_need_no_server() => Assert.Equal(
        ["Sclip.Evaluation", "Sclip.Exploration", "Sclip.Formats", "Sclip.Imaging", "Sclip.Labels", "Sclip.Scaling", "Sclip.Segmentation", "Sclip.Worker"],
        Directory.EnumerateDirectories(Tests, "*.Tests").Select(folder => Path.GetFileName(folder)).Where(name => NeedsOf(name).Length == 0).Select(name => name[..^".Tests".Length]).Order(StringComparer.Ordinal));

    [Fact]
    public void A_server_that_a_project_does_not_name_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<InvalidOperationException>(() => TestNeeds.Require("rabbitmq"));
        Assert.StartsWith("A test of Sclip.Labels.Tests needs rabbitmq, which <TestNeeds> of its project file does not name: ", error.Message, StringComparison.Ordinal);
    }

    private static string NeedsOf(string project) => XDocument.Load(Path.Combine(Tests, project, $"{project}.csproj")).Descendants("TestNeeds").SingleOrDefault()?.Value ?? "";
}
