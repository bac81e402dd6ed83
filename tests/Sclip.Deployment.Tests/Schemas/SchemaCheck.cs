using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Schemas;

/// <summary>Holds objects against the schemas of npm's @kubernetes-models, strictly: a field that a schema does not have is wrong.</summary>
internal static class SchemaCheck
{
    private const string Script = "tests/Sclip.Deployment.Tests/Schemas/check.mjs";

    /// <summary>What is wrong with each object; one for which there is no schema is wrong too.</summary>
    public static async Task<string[][]> ProblemsAsync(IEnumerable<JsonObject> objects)
    {
        var modules = Environment.GetEnvironmentVariable("SCLIP_SCHEMAS") is { Length: > 0 } named ? named : DefaultFolder;
        Assert.True(Directory.Exists(Path.Combine(modules, "node_modules", "kubernetes-models")), $"The schemas are not in {modules}: run ./test.sh, which installs them.");
        var (code, output, error) = await Command.RunAsync("node", [Path.Combine(Repository.Root, Script), modules], new JsonArray([.. objects.Select(found => found.DeepClone())]).ToJsonString());
        Assert.True(code == 0, error);
        return JsonSerializer.Deserialize<string[][]>(output)!;
    }

    private static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "sclip-tests", "schemas");
}
