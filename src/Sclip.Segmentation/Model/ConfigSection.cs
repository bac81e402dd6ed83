using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>An object of config.json, whose values are asked for by their keys, with errors that name file and key.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Keys that lead to the object, each with a dot behind.</param>
/// <param name="Element">The object.</param>
internal readonly record struct ConfigSection(string Path, string Name, JsonElement Element)
{
    private const int Largest = 1 << 20;

    /// <summary>
    /// A tower's section. Older checkpoints may have text_config_dict or vision_config_dict: transformers makes a whole configuration of it, defaults
    /// and all, and overrides every key of text_config or vision_config by that.
    /// </summary>
    public ConfigSection Tower(string tower) => Child(TryGet($"{tower}_config_dict", out _) ? $"{tower}_config_dict" : $"{tower}_config");

    /// <summary>An object below a key, without which it is no model.</summary>
    public ConfigSection Child(string key) => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out var child) && child.ValueKind == JsonValueKind.Object
        ? new(Path, $"{Name}{key}.", child)
        : throw new ModelFormatException($"{Path}: {Name}{key} is missing, without which it describes no model; is the file another model's?");

    public int Number(string key, int absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return IsWhole(value, out var number)
            ? number
            : throw new ModelFormatException($"{Path}: {Name}{key} must be a whole number in 1..{Largest}; it is {value.GetRawText()}.");
    }

    public float Real(string key, float absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && number is > 0 and < 1
            ? number
            : throw new ModelFormatException($"{Path}: {Name}{key} must be a number between 0 and 1; it is {value.GetRawText()}.");
    }

    /// <summary>A number above 0.</summary>
    public float Positive(string key, float absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && number is > 0 and < Largest
            ? number
            : throw new ModelFormatException($"{Path}: {Name}{key} must be a number above 0; it is {value.GetRawText()}.");
    }

    /// <summary>Whole numbers, none below <paramref name="least"/>.</summary>
    public int[] Numbers(string key, int least, int[] absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number >= least && number <= Largest)
            ? [.. value.EnumerateArray().Select(item => item.GetInt32())]
            : throw new ModelFormatException($"{Path}: {Name}{key} must be whole numbers in {least}..{Largest}; it is {value.GetRawText()}.");
    }

    /// <summary>Numbers above 0.</summary>
    public float[] Reals(string key, float[] absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetSingle(out var number) && number is > 0 and < Largest)
            ? [.. value.EnumerateArray().Select(item => item.GetSingle())]
            : throw new ModelFormatException($"{Path}: {Name}{key} must be numbers above 0; it is {value.GetRawText()}.");
    }

    public bool Flag(string key, bool absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw new ModelFormatException($"{Path}: {Name}{key} must be true or false; it is {value.GetRawText()}.");
    }

    public string Text(string key, string absent)
    {
        if (!TryGet(key, out var value))
            return absent;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ModelFormatException($"{Path}: {Name}{key} must be a text; it is {value.GetRawText()}.");
    }

    /// <summary>Whether a value is a whole number that a size may be.</summary>
    public static bool IsWhole(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number is >= 1 and <= Largest;
    }

    /// <summary>The value of a key that is there and not null.</summary>
    public bool TryGet(string key, out JsonElement value)
    {
        value = default;
        return Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
