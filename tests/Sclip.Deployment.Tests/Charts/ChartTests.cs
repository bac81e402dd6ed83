using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Charts;

/// <summary>That the chart renders to what the overlays render to.</summary>
public sealed class ChartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task It_renders_to_the_objects_of_an_overlay(string overlay) => AssertSame((await Overlay.RenderAsync(overlay)).Objects, await Chart.RenderAsync(Chart.ValuesOf(overlay)));

    [Fact]
    public async Task It_renders_to_those_of_an_overlay_with_a_workbench_and_an_identity_for_the_store() => AssertSame(
        await KustomizeAsync("resources: [K8S/overlays/cpu]", "components: [K8S/components/workbench, K8S/components/azure-identity]"),
        await Chart.RenderAsync("--set", "workbench.enabled=true,store.azureIdentity=true"));

    [Fact]
    public async Task It_renders_to_those_of_an_overlay_whose_broker_is_elsewhere() => AssertSame(
        await KustomizeAsync("resources: [K8S/base]", "components: [K8S/components/keda, K8S/components/images]", "labels: [{pairs: {app.kubernetes.io/part-of: sclip}, includeTemplates: true}]"),
        await Chart.RenderAsync("--set", "broker.operator=false,monitoring.enabled=false", "--set-json", """worker.resources={"requests":{"cpu":"2","memory":"4Gi"},"limits":{"cpu":"2","memory":"4Gi"}}"""));

    [Fact]
    public async Task A_difference_would_be_found()
    {
        var changed = await Chart.RenderAsync("--set", "scaling.max=21");
        var overlay = (await Overlay.RenderAsync("cpu")).Objects;
        Assert.Equal(["ScaledObject sclip-worker"], overlay.Select(ComparableObject.Of).Except(changed.Select(ComparableObject.Of)).Select(found => found.Name).Where(name => name != "Namespace sclip"));
    }

    private static void AssertSame(IEnumerable<JsonObject> overlay, IEnumerable<JsonObject> chart)
    {
        // The namespace is there before its secrets, and so before a release.
        var expected = overlay.Select(ComparableObject.Of).Where(found => found.Name != "Namespace sclip").ToDictionary(found => found.Name, found => found.Text);
        var found = chart.Select(ComparableObject.Of).ToDictionary(rendered => rendered.Name, rendered => rendered.Text);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, pair => Assert.Equal(pair.Value, found[pair.Key]));
    }

    private async Task<IEnumerable<JsonObject>> KustomizeAsync(params string[] lines)
    {
        var k8s = Path.GetRelativePath(_folder.Path, Overlay.Folder);
        _folder.Write("kustomization.yaml", string.Join('\n', ["namespace: sclip", .. lines.Select(line => line.Replace("K8S", k8s, StringComparison.Ordinal))]));
        return await Overlay.KustomizeAsync(_folder.Path);
    }
}
