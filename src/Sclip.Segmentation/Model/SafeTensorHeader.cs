using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>An entry of a safetensors header: <c>{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}</c>.</summary>
internal static class SafeTensorHeader
{
    public static bool TryParse(JsonElement entry, [NotNullWhen(true)] out string? type, [NotNullWhen(true)] out int[]? shape, out long begin, out long end)
    {
        (type, shape, begin, end) = (null, null, 0, 0);
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var axes) || axes.ValueKind != JsonValueKind.Array
            || !entry.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
            return false;
        var lengths = new int[axes.GetArrayLength()];
        for (var i = 0; i < lengths.Length; i++)
            if (axes[i].ValueKind != JsonValueKind.Number || !axes[i].TryGetInt32(out lengths[i]) || lengths[i] < 0)
                return false;
        if (offsets[0].ValueKind != JsonValueKind.Number || !offsets[0].TryGetInt64(out begin)
            || offsets[1].ValueKind != JsonValueKind.Number || !offsets[1].TryGetInt64(out end)
            || begin < 0 || end < begin)
            return false;
        (type, shape) = (dtype.GetString()!, lengths);
        return true;
    }

    /// <summary>Bytes of a value; 0 for a type that no weight may have (its size is not checked, its tensor never read).</summary>
    public static int BytesOf(string type) => type switch
    {
        "F32" => 4,
        "F16" or "BF16" => 2,
        _ => 0,
    };
}
