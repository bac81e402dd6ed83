using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>An index of weights in several files: <c>{"weight_map": {"tensor": "file"}}</c>.</summary>
internal static class ShardIndex
{
    /// <summary>The files, each once; plain names.</summary>
    /// <exception cref="ModelFormatException">It is none.</exception>
    public static string[] Read(string index)
    {
        using var document = ModelFiles.ReadJson(index);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{index}: weight_map is missing.");
        var shards = map.EnumerateObject().Select(item => item.Value.ToString()).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (shards.FirstOrDefault(shard => Path.GetFileName(shard) != shard || shard is "" or "..") is { } outside)
            throw new ModelFormatException($"{index}: shard '{outside}' must be a plain file name.");
        return shards.Length > 0 ? shards : throw new ModelFormatException($"{index}: weight_map is empty.");
    }
}
