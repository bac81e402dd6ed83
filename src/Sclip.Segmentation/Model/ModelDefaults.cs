using System.Text.Json;
using Sclip.Labels;

namespace Sclip.Segmentation;

/// <summary>
/// A model's own settings, from an optional <c>sclip.json</c> in its directory:
/// <c>{"short_side": 0, "crop": 64, "stride": 32, "logit_scale": 40, "templates": ["a photo of {}"]}</c>, every key optional.
/// </summary>
public sealed record ModelDefaults
{
    /// <summary>The method that runs where none is asked for; null leaves it to the program. It is the model's kind's, and stands in no file.</summary>
    public string? Method { get; private init; }

    /// <summary>Short side in pixels to which pictures are resized; 0 leaves them as they are.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Side of a window in pixels.</summary>
    public int? Crop { get; init; }

    /// <summary>Step between windows in pixels.</summary>
    public int? Stride { get; init; }

    /// <summary>Factor of the cosine similarities.</summary>
    public double? LogitScale { get; init; }

    /// <summary>Prompt templates that the model was trained with.</summary>
    public PromptTemplates? Templates { get; init; }

    /// <summary>The prompts of a run: those that it was given, else the model's, else the paper's.</summary>
    /// <param name="given">What the run was given; null where nothing was.</param>
    public PromptTemplates PromptsOf(IReadOnlyList<string>? given) => given is not null ? PromptTemplates.Of(given) : Templates ?? PromptTemplates.ImageNet;

    /// <summary>Reads a model directory's sclip.json; what is not in it is what the model's kind brings along, for CLIP null.</summary>
    /// <param name="directory">The model.</param>
    /// <param name="config">What its configuration says.</param>
    /// <exception cref="ModelFormatException">It cannot be read or holds an unknown key.</exception>
    public static ModelDefaults Load(string directory, ClipConfig config)
    {
        var path = Path.Combine(directory, "sclip.json");
        var defaults = (config.Trained?.Defaults ?? new ModelDefaults()) with { Method = config.OwnMethod };
        if (!File.Exists(path))
            return defaults;
        using var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object.");
        foreach (var item in document.RootElement.EnumerateObject())
        {
            defaults = item.Name switch
            {
                "short_side" => defaults with { ShortSide = Number(path, item) },
                "crop" => defaults with { Crop = Number(path, item) },
                "stride" => defaults with { Stride = Number(path, item) },
                "logit_scale" => item.Value.ValueKind == JsonValueKind.Number
                    ? defaults with { LogitScale = item.Value.GetDouble() }
                    : throw new ModelFormatException($"{path}: logit_scale must be a number."),
                "templates" => item.Value.ValueKind == JsonValueKind.Array && item.Value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String)
                    ? defaults with { Templates = ReadTemplates(path, item.Value) }
                    : throw new ModelFormatException($"{path}: templates must be an array of texts."),
                _ => throw new ModelFormatException($"{path}: unknown key '{item.Name}'; there are short_side, crop, stride, logit_scale and templates."),
            };
        }
        return defaults;
    }

    private static PromptTemplates ReadTemplates(string path, JsonElement texts)
    {
        try
        {
            return PromptTemplates.Of(texts.EnumerateArray().Select(text => text.GetString()!));
        }
        catch (LabelSetException error)
        {
            throw new ModelFormatException($"{path}: {error.Message}", error);
        }
    }

    private static int Number(string path, JsonProperty item) => item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt32(out var number) && number >= 0
        ? number
        : throw new ModelFormatException($"{path}: {item.Name} must be a whole number, 0 or more.");
}
