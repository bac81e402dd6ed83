namespace Sclip.Imaging.Codecs;

/// <summary>Why a file is refused, in the same words whatever the codec.</summary>
internal static class Refusal
{
    public static ImageDecodeException Damaged(string format, string? why = null) =>
        new($"the {format} is truncated or damaged{(why is null ? "" : $": {why}")}.");

    /// <summary>A file that is likely sound, of a kind that is not read.</summary>
    public static ImageDecodeException Unsupported(string format, string what) =>
        new($"the {format} has {what}, which cannot be read here; save it as PNG or JPEG.");

    public static ImageDecodeException NoHeifLibrary(string format) =>
        new($"the file is a picture of {format}, and libheif, which reads it, is not installed: apt-get install -y libheif1 (on Ubuntu and Debian 13 libheif1 {DecoderOf(format)}).");

    public static ImageDecodeException HeifElsewhere(string format) =>
        new($"the file is a picture of {format}, which is read on Linux alone; save it as PNG or JPEG.");

    /// <summary>libheif has found a limit exceeded, that of pixels or one of its own.</summary>
    public static ImageDecodeException HeifLimit(string format, string? message) => new($"the {format} is beyond what is allowed (--max-pixels): {message}.");

    public static ImageDecodeException NoHeifDecoder(string format) =>
        new($"the file is a picture of {format}, and libheif has no decoder for it: apt-get install -y {DecoderOf(format)}.");

    public static ImageDecodeException NarrowInterlaced(int leastWidth) => new($"the PNG is interlaced and less than {leastWidth} pixels wide, which cannot be read here; save it without interlacing.");

    public static ImageDecodeException Animation() => new("the WebP is an animation; only still pictures are supported.");

    private static string DecoderOf(string format) => format == FileKinds.Avif ? "libheif-plugin-dav1d" : "libheif-plugin-libde265";

    /// <param name="color">The colour type in the PNG's header.</param>
    /// <param name="depth">Bits of a value.</param>
    public static ImageDecodeException NoMask(byte color, byte depth) => color switch
    {
        2 => new("the PNG is an RGB picture and no mask: its pixels are colours, not class indices. Save the indices as a palette or grey PNG."),
        6 => new("the PNG is an RGB picture with alpha and no mask: its pixels are colours, not class indices. Save the indices as a palette or grey PNG."),
        4 => new("the PNG is a grey picture with alpha and no mask: save the class indices as a palette or grey PNG without alpha."),
        _ => new($"the PNG is no mask: colour type {color} with {depth} bits does not exist."),
    };
}
