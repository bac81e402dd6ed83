using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>The values of a guide's config.json, with errors that name the file and the key. A key that is missing or null has its default.</summary>
internal sealed class GuideConfigFile : IDisposable
{
    private const int Largest = 1 << 20;

    private readonly JsonDocument _document;

    private GuideConfigFile(string path, JsonDocument document) => (Path, _document) = (path, document);

    public string Path { get; }

    public static GuideConfigFile Open(string directory)
    {
        var path = System.IO.Path.Combine(directory, "config.json");
        var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new GuideConfigFile(path, document);
        document.Dispose();
        throw new ModelFormatException($"{path}: not a JSON object.");
    }

    public int Number(string key, int absent) => Find(key) is not { } value
        ? absent
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 1 and <= Largest
            ? number
            : throw Wrong(key, value, $"a whole number in 1..{Largest}");

    public float Real(string key, float absent) => Find(key) is not { } value
        ? absent
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && number is > 0 and < 1
            ? number
            : throw Wrong(key, value, "a number between 0 and 1");

    public string Text(string key, string absent) => Find(key) is not { } value
        ? absent
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value, "a text");

    public bool Flag(string key, bool absent) => Find(key) is not { } value
        ? absent
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");

    public void Dispose() => _document.Dispose();

    private JsonElement? Find(string key) => _document.RootElement.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private ModelFormatException Wrong(string key, JsonElement value, string kind) => new($"{Path}: {key} must be {kind}; it is {value.GetRawText()}.");
}
