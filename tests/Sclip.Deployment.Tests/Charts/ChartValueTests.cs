using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Charts;

/// <summary>What the chart's values do, and which it refuses.</summary>
public sealed class ChartValueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_version_is_that_of_the_program_and_of_the_images()
    {
        var chart = Yaml.Read(File.ReadAllText(Path.Combine(Chart.Folder, "Chart.yaml")))[0];
        Assert.Equal((Dockerfile.Version, Dockerfile.Version), ((string?)chart["version"], (string?)chart["appVersion"]));
    }

    [Fact]
    public async Task One_value_names_the_registry_of_all_images_and_one_their_version()
    {
        var rendered = await Chart.RenderAsync("--set", "image.registry=registry.example:5000/team,image.tag=7.8.9,workbench.enabled=true");
        var images = rendered.Where(found => (string?)found["kind"] == "Deployment").SelectMany(Overlay.ContainersOf).Select(container => (string)container["image"]!).ToArray();
        Assert.Equal(["cli", "cli", "dispatcher", "workbench", "worker"], images.Select(image => image.Split('/')[^1].Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.All(images, image => Assert.Matches("^registry.example:5000/team/[a-z]+:7.8.9$", image));
    }

    [Fact]
    public async Task Everything_goes_into_the_namespace_of_the_release()
    {
        var (code, output, error) = await Chart.HelmAsync("template", "sclip", Chart.Folder, "--namespace", "pictures");
        Assert.True(code == 0, error);
        Assert.All(Yaml.Read(output), found => Assert.Equal("pictures", (string?)found["metadata"]!["namespace"]));
        Assert.Contains("http://rabbitmq.pictures.svc:15672/", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_changes_replaces_the_pods()
    {
        var (before, after) = (await ChecksumAsync(), await ChecksumAsync("--set-string", "worker.config.SCLIP_WORKER__MAXPIXELS=50000000"));
        Assert.Matches("^[0-9a-f]{64}$", before);
        Assert.NotEqual(before, after);
    }

    [Theory]
    [InlineData("worker.replica=3", "replica")]
    [InlineData("worker.device=gpu", "worker.device")]
    [InlineData("worker.device=cuda", "nvidia.com/gpu")]
    [InlineData("worker.config.WORKER__THREADS=3", "WORKER__THREADS")]
    [InlineData("dispatcher.secret=No", "dispatcher.secret")]
    [InlineData("scaling.max=many", "scaling.max")]
    [InlineData("model=clip", "model")]
    [InlineData("moniotring.enabled=true", "moniotring")]
    public async Task A_value_that_there_is_not_or_that_is_wrong_is_refused_by_its_name(string value, string named)
    {
        var (code, _, error) = await Chart.TemplateAsync(Chart.Folder, "--set", value);
        Assert.NotEqual(0, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_value_says_what_it_is()
    {
        var lines = File.ReadAllLines(Path.Combine(Chart.Folder, "values.yaml"));
        // Amounts of CPU and memory, and the lists of a node, are Kubernetes' own.
        var own = new Regex(@"^\s*(cpu|memory|ephemeral-storage|requests|limits|resources|nodeSelector|tolerations|SCLIP_\w+):");
        Assert.All(Enumerable.Range(0, lines.Length).Where(line => Regex.IsMatch(lines[line], @"^\s+\w+: *\S") && !own.IsMatch(lines[line])), line => Assert.Matches(@"^\s+# \S", lines[line - 1]));
    }

    [Fact]
    public async Task A_package_of_it_holds_all_that_it_reads()
    {
        var (packed, _, error) = await Chart.HelmAsync("package", Chart.Folder, "--destination", _folder.Path);
        Assert.True(packed == 0, error);
        var (code, output, problem) = await Chart.TemplateAsync(Assert.Single(Directory.GetFiles(_folder.Path)));
        Assert.True(code == 0, problem);
        Assert.Equal((await Chart.RenderAsync()).Select(found => found.ToJsonString()), Yaml.Read(output).Select(found => found.ToJsonString()));
    }

    [Fact]
    public async Task Helm_finds_nothing_wrong_with_it()
    {
        var (code, output, error) = await Chart.HelmAsync("lint", "--strict", Chart.Folder);
        Assert.True(code == 0, output + error);
    }

    private static async Task<string> ChecksumAsync(params string[] values)
    {
        JsonObject worker = (await Chart.RenderAsync(values)).Single(found => (string?)found["kind"] == "Deployment" && Overlay.NameOf(found) == "sclip-worker");
        return (string)worker["spec"]!["template"]!["metadata"]!["annotations"]!["checksum/config"]!;
    }
}
