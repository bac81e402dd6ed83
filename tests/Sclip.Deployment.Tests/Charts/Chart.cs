using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;

namespace Sclip.Deployment.Tests.Charts;

/// <summary>What <c>helm template</c> makes of <c>k8s/chart</c>.</summary>
internal static class Chart
{
    /// <summary>Where it is.</summary>
    public static string Folder => Path.Combine(Overlay.Folder, "chart");

    /// <summary>The objects that it renders to in the namespace <c>sclip</c>.</summary>
    /// <param name="values">Options that give values: <c>--set KEY=VALUE</c>, <c>-f FILE</c>.</param>
    public static async Task<JsonObject[]> RenderAsync(params string[] values)
    {
        var (code, output, error) = await TemplateAsync(Folder, values);
        Assert.True(code == 0, error);
        return Yaml.Read(output);
    }

    /// <summary>The options that give the values of an overlay.</summary>
    public static string[] ValuesOf(string overlay) => overlay == "cpu" ? [] : ["-f", Path.Combine(Folder, $"values-{overlay}.yaml")];

    /// <summary>Runs <c>helm template</c>.</summary>
    public static Task<(int Code, string Output, string Error)> TemplateAsync(string chart, params string[] values) => HelmAsync(["template", "sclip", chart, "-n", "sclip", .. values]);

    /// <summary>Runs helm.</summary>
    public static Task<(int Code, string Output, string Error)> HelmAsync(params string[] arguments) =>
        Command.RunAsync(Environment.GetEnvironmentVariable("SCLIP_HELM") is { Length: > 0 } named ? named : "helm", arguments);
}
