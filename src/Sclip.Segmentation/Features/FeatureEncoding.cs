using Sclip.Contracts.Jobs;

namespace Sclip.Segmentation;

/// <summary>How features are kept.</summary>
public enum FeatureEncoding
{
    /// <summary>IEEE halves: two bytes a value.</summary>
    Float16,

    /// <summary>Signed bytes of what a feature is off the picture's mean feature, and for each patch a float that they are multiplied by: half as many bytes.</summary>
    Int8,
}

/// <summary>The names of encodings, in options, jobs and files.</summary>
public static class FeatureEncodings
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names => SettingRanges.FeatureEncodings;

    /// <summary>The name of an encoding.</summary>
    public static string NameOf(FeatureEncoding encoding) => encoding == FeatureEncoding.Float16 ? "fp16" : "int8";

    /// <summary>The encoding of a name; null where there is none of that name.</summary>
    public static FeatureEncoding? Of(string? name) => name switch
    {
        "fp16" => FeatureEncoding.Float16,
        "int8" => FeatureEncoding.Int8,
        _ => null,
    };

    /// <summary>Bytes of a patch.</summary>
    internal static int BytesOfPatch(FeatureEncoding encoding, int dimension) => encoding == FeatureEncoding.Float16 ? 2 * dimension : sizeof(float) + dimension;

    /// <summary>Bytes before the first patch: of bytes, the centre of all features, as floats, which none of them holds.</summary>
    internal static int BytesOfCentre(FeatureEncoding encoding, int dimension) => encoding == FeatureEncoding.Float16 ? 0 : sizeof(float) * dimension;
}
