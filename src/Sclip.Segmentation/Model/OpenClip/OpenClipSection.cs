using System.Text.Json;

namespace Sclip.Segmentation.OpenClip;

/// <summary>An object of open_clip_config.json, and what is asked of it; a key that is null counts as absent.</summary>
/// <param name="Path">The file, for errors.</param>
/// <param name="Name">Where the object stands in it: empty, or keys with a dot behind each.</param>
/// <param name="Element">The object.</param>
internal readonly record struct OpenClipSection(string Path, string Name, JsonElement Element)
{
    private ConfigSection Values => new(Path, Name, Element);

    public OpenClipSection Child(string key) => TryGet(key, out var child) && child.ValueKind == JsonValueKind.Object
        ? new(Path, $"{Name}{key}.", child)
        : throw new ModelFormatException($"{Path}: {Name}{key} is missing; is this a CLIP saved by OpenCLIP?");

    public bool Has(string key) => TryGet(key, out _);

    public bool IsArray(string key) => TryGet(key, out var value) && value.ValueKind == JsonValueKind.Array;

    public int Number(string key, int? absent = null) => absent is null && !Has(key)
        ? throw new ModelFormatException($"{Path}: {Name}{key} is missing.")
        : Values.Number(key, absent ?? 0);

    /// <summary>A side of a square: a number, or the same one twice.</summary>
    public int Side(string key, int absent) => TryGet(key, out var value) && value.ValueKind == JsonValueKind.Array
        ? value.GetArrayLength() == 2 && ConfigSection.IsWhole(value[0], out var height) && ConfigSection.IsWhole(value[1], out var width) && height == width
            ? height
            : throw Wrong(key, value, "must be a square's side")
        : Number(key, absent);

    public double Ratio(string key, double absent) => !TryGet(key, out var value)
        ? absent
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < 1000 and var ratio ? ratio : throw Wrong(key, value, "must be a number above 0");

    public bool Flag(string key) => Values.Flag(key, false);

    public string Text(string key, string absent) => Values.Text(key, absent);

    public double[] Triple(string key, double[] absent) => !TryGet(key, out var value)
        ? absent
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. value.EnumerateArray().Select(item => item.GetDouble())]
            : throw Wrong(key, value, "must be three numbers");

    /// <summary>Refuses what a key turns on, by the key and its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What of an architecture that is, or what is supported instead.</param>
    /// <param name="supported">Texts that may stand there.</param>
    public void Refuse(string key, string what, params ReadOnlySpan<string> supported)
    {
        if (TryGet(key, out var value) && !IsOff(value) && !(value.ValueKind == JsonValueKind.String && supported.Contains(value.GetString()!)))
            throw Wrong(key, value, what);
    }

    /// <summary>Refuses keys of which it is not known what they do: weights read as another architecture than theirs would label anyhow.</summary>
    public void RefuseOthers(params ReadOnlySpan<string> known)
    {
        foreach (var item in Element.EnumerateObject())
            if (!known.Contains(item.Name) && !IsOff(item.Value))
                throw Wrong(item.Name, item.Value, "is a setting that is not known");
    }

    public ModelFormatException Wrong(string key, JsonElement value, string what) => new($"{Path}: {Name}{key} {what}; it is {value.GetRawText()}.");

    private static bool IsOff(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.False || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());

    private bool TryGet(string key, out JsonElement value) => Values.TryGet(key, out value);
}
