using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Packages;

/// <summary>What tools/sbom writes of the packages that the programs ship.</summary>
public sealed class SbomTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_package_that_is_shipped_has_a_licence_that_is_allowed()
    {
        var (code, output, error) = await Command.RunAsync(Path.Combine(Repository.Root, "tools", "sbom"), [_folder.Path]);
        Assert.True(code == 0, output + error);
        var components = JsonNode.Parse(await File.ReadAllTextAsync(_folder["sbom.json"], TestContext.Current.CancellationToken))!["components"]!.AsArray();
        var names = components.Select(component => (string)component!["name"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "MassTransit", "SixLabors.ImageSharp", "TorchSharp", "Microsoft.Data.Sqlite" }, names);
        // They are left out of the programs.
        Assert.DoesNotContain("SkiaSharp", names);
        var table = await File.ReadAllTextAsync(_folder["licences.md"], TestContext.Current.CancellationToken);
        Assert.All(names, name => Assert.Contains($"| {name} |", table, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_licence_that_is_not_allowed_is_named_with_its_package()
    {
        var sbom = _folder.Write("sbom.json", """{"components": [{"name": "Good", "version": "1.0", "licenses": [{"license": {"id": "MIT"}}]}, {"name": "Other", "version": "2.0", "licenses": [{"license": {"id": "GPL-3.0-only"}}]}, {"name": "None", "version": "3.0"}]}""");
        var (code, _, error) = await Command.RunAsync("dotnet", ["run", Path.Combine(Repository.Root, "tools", "licences.cs"), sbom, _folder["licences.md"]]);
        Assert.Equal(1, code);
        Assert.Contains("Other 2.0 (GPL-3.0-only); None 3.0 (no licence)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Good", error, StringComparison.Ordinal);
    }
}
