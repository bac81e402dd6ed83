using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>How a job's images are labelled; null leaves a value to the model's own settings, else to the authors'.</summary>
public sealed record JobSettings
{
    /// <summary>The authors' short side in pixels (clip_segmentor.py).</summary>
    public const int AuthorsShortSide = 336;

    /// <summary>The authors' side of a window in pixels (clip_segmentor.py).</summary>
    public const int AuthorsCrop = 224;

    /// <summary>The authors' step between windows in pixels.</summary>
    public const int AuthorsStride = 112;

    /// <summary>The authors' dilations of the refinement in pixels.</summary>
    public static IReadOnlyList<int> AuthorsDilations { get; } = [8, 16];

    /// <summary>Dense method, by its registered name; the usual one where none was given.</summary>
    [JsonIgnore]
    public string Method { get => GivenMethod ?? "sclip"; init => GivenMethod = value; }

    /// <summary>The same where it was given; null leaves it to the model, which may bring its own.</summary>
    [JsonPropertyName("method")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GivenMethod { get; init; }

    /// <summary>The guide of methods that need one: its model id, <c>organisation/name</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Guide { get; init; }

    /// <summary>Prompt templates, <c>{}</c> for the name.</summary>
    public IReadOnlyList<string>? Templates { get; init; }

    /// <summary>Short side in pixels that images are resized to; 0 leaves them as they are.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Side of a window in pixels; 0 takes the whole image.</summary>
    public int? Crop { get; init; }

    /// <summary>Step between windows in pixels.</summary>
    public int? Stride { get; init; }

    /// <summary>Pixels from one patch to the next, at most the side of the model's patches; null takes that side, by which they lie side by side.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PatchStride { get; init; }

    /// <summary>Factor of the cosine similarities.</summary>
    public double? LogitScale { get; init; }

    /// <summary>Pixels whose best score is below this become background, which one of the classes must be; 0 switches it off.</summary>
    public double ProbabilityThreshold { get; init; }

    /// <summary>Classes with no larger share of what is not background, which one of the classes must be, are dropped; null or 0 switches it off.</summary>
    public double? AreaThreshold { get; init; }

    /// <summary>Steps of the pixel-adaptive mask refinement; 0 without.</summary>
    public int PamrSteps { get; init; }

    /// <summary>Dilations in pixels of the refinement; null takes the authors'.</summary>
    public IReadOnlyList<int>? PamrDilations { get; init; }

    /// <summary>Whether overlays are written.</summary>
    public bool Overlay { get; init; }

    /// <summary>Whether the doubt of each pixel is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Doubt { get; init; }

    /// <summary>How the features of images are kept, to label them again by other names: fp16 or int8; null keeps none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? KeepFeatures { get; init; }

    /// <summary>Whether class scores are written.</summary>
    public bool Scores { get; init; }
}
