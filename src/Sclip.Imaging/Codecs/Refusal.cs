namespace Sclip.Imaging.Codecs;

/// <summary>Why a file is refused, in the same words whatever the codec.</summary>
internal static class Refusal
{
    public static ImageDecodeException Damaged(string format, string? why = null) =>
        new($"the {format} is truncated or damaged{(why is null ? "" : $": {why}")}.");

    public static ImageDecodeException Animation() => new("the WebP is an animation; only still pictures are supported.");

    public static ImageDecodeException NoMask() => new("the PNG is no mask: it must be a palette or grey picture of 8 or 16 bits, one class a value.");
}
