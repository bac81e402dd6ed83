using System.Text.Json.Serialization;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Segmentation;

/// <summary>What stands before kept features: all that they depend on, and how they lie in the file. See docs/features.md.</summary>
public sealed record FeatureHeader
{
    /// <summary>
    /// The newest version that this program writes, and only where it is needed, so that an earlier program goes on reading what it can: 3 where patches overlap or windows were padded, 2
    /// for int8, whose features are off a centre since then, 1 else.
    /// </summary>
    public const int CurrentVersion = 3;

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The picture's name, so that files that were mixed up are noticed.</summary>
    public required string Image { get; init; }

    /// <summary>The model's fingerprint (<see cref="ClipModel.Fingerprint"/>).</summary>
    public required string Model { get; init; }

    /// <summary>A hash of the vision transformer's weights, whole (<see cref="ClipModel.VisionFingerprint"/>).</summary>
    public required string Weights { get; init; }

    /// <summary>XXH128 of the picture's file, which tells later whether the file is still the same; empty where it is not known.</summary>
    public string File { get; init; } = "";

    /// <summary>What the engine computed in: fp32, bf16, fp16.</summary>
    public required string Precision { get; init; }

    /// <summary>The dense method, by its registered name.</summary>
    public required string Method { get; init; }

    /// <summary>Width in pixels of the upright picture, which its label map has.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels of the upright picture.</summary>
    public required int Height { get; init; }

    /// <summary>Width in pixels that the model saw.</summary>
    public required int ModelWidth { get; init; }

    /// <summary>Height in pixels that the model saw.</summary>
    public required int ModelHeight { get; init; }

    /// <summary>Short side in pixels that pictures were resized to; 0 left them as they were.</summary>
    public required int ShortSide { get; init; }

    /// <summary>Side of a window in pixels; 0 took the whole picture.</summary>
    public required int Crop { get; init; }

    /// <summary>Step between windows in pixels.</summary>
    public required int Stride { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int Patch { get; init; }

    /// <summary>Pixels from one patch to the next; null where it is the side: patches lie side by side.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PatchStride { get; init; }

    /// <summary>Windows were padded to multiples of so many pixels; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Padding { get; init; }

    /// <summary>The fingerprint of the guide (<see cref="GuideModel.Fingerprint"/>), whose patches these are then; null where the method has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Guide { get; init; }

    /// <summary>Values of a feature.</summary>
    public required int Dimension { get; init; }

    /// <summary>How values are kept: fp16 or int8.</summary>
    public required string Encoding { get; init; }

    /// <summary>How features lie in windows.</summary>
    internal PatchCut Cut => new(Patch, PatchStride ?? Patch, Padding ?? 1);

    /// <summary>The same with the version of the format that it needs.</summary>
    internal FeatureHeader WithVersion() => this with { Version = (PatchStride ?? Padding) is not null ? CurrentVersion : Encoding == FeatureEncodings.NameOf(FeatureEncoding.Float16) ? 1 : 2 };

    /// <summary>Why features under this header are not those that other settings ask for: the first thing that differs; null where nothing does.</summary>
    /// <param name="wanted">A header as these settings would write it for the picture; its sizes and how values are kept are not compared.</param>
    public string? DifferenceTo(FeatureHeader wanted) =>
        (Image == wanted.Image ? null : $"they are of the picture {Image.Shown()}, and {wanted.Image} is asked for")
        ?? Differs("model", Short(Model), Short(wanted.Model))
        ?? Differs("weights", Short(Weights), Short(wanted.Weights))
        ?? Differs("method", Method, wanted.Method)
        ?? Differs("guide", Short(Guide ?? "none"), Short(wanted.Guide ?? "none"))
        ?? Differs("short side", ShortSide, wanted.ShortSide)
        ?? Differs("crop", Crop, wanted.Crop)
        ?? (Crop == 0 ? null : Differs("stride", Stride, wanted.Stride))
        ?? Differs("patch size", Patch, wanted.Patch)
        ?? Differs("patch stride", Cut.Step, wanted.Cut.Step)
        ?? Differs("padding", Cut.PadTo, wanted.Cut.PadTo)
        ?? Differs("dimension", Dimension, wanted.Dimension);

    private static string? Differs<T>(string what, T kept, T wanted) =>
        EqualityComparer<T>.Default.Equals(kept, wanted) ? null : $"they were computed with {what} {$"{kept}".Shown()}, and {wanted} is asked for";

    private static string Short(string fingerprint) => fingerprint.Length > 12 ? fingerprint[..12] : fingerprint;
}

/// <summary>The header as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FeatureHeader))]
internal sealed partial class FeatureJson : JsonSerializerContext;
