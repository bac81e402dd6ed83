using System.Text.Json.Nodes;

namespace Sclip.Cli.Labelling;

/// <summary>In what two settings documents differ.</summary>
internal static class SettingsDifferences
{
    /// <summary>A line a difference; none where they are alike.</summary>
    public static string[] Of(JsonObject earlier, JsonObject now) =>
    [
        .. now.Select(item => item.Key).Union(earlier.Select(item => item.Key))
            .Where(key => !JsonNode.DeepEquals(now[key], earlier[key]))
            .Select(key => $"  {key}: {Short(earlier[key])} there, {Short(now[key])} now"),
    ];

    private static string Short(JsonNode? node) => node?.ToJsonString() switch
    {
        null => "none",
        { Length: > 120 } text => text[..117] + "...",
        var text => text,
    };
}
