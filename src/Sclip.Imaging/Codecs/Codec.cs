using Sclip.Contracts;
using Sclip.Imaging.Codecs.Native;
using Sclip.Imaging.Codecs.Portable;

namespace Sclip.Imaging.Codecs;

/// <summary>Files to pixels and back: by libturbojpeg, libspng, libwebp and libheif, or by managed code where <see cref="PortableCodecs"/> says so.</summary>
internal static class Codec
{
    public static DecodedPixels DecodeJpeg(ReadOnlySpan<byte> file, JpegMetadata metadata, ImageLimits limits, CancellationToken cancellationToken) => PortableCodecs.AreUsed
        ? PortableJpeg.Decode(file, metadata, limits, cancellationToken)
        : NativeLibraries.Call(NativeLibraries.TurboJpeg, file, bytes => JpegDecoder.Decode(bytes, metadata, limits));

    public static DecodedPixels DecodePng(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken) => PortableCodecs.AreUsed
        ? PortablePng.Decode(file, limits, cancellationToken)
        : NativeLibraries.Call(NativeLibraries.Spng, file, bytes => PngDecoder.Decode(bytes, limits));

    public static DecodedPixels DecodeWebP(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken) => PortableCodecs.AreUsed
        ? PortableWebP.Decode(file, limits, cancellationToken)
        : NativeLibraries.Call(NativeLibraries.WebP, file, bytes => WebPDecoder.Decode(bytes, limits));

    /// <summary>HEIC or AVIF, turned upright already.</summary>
    public static DecodedPixels DecodeHeif(ReadOnlySpan<byte> file, ImageLimits limits) => OperatingSystem.IsLinux()
        ? NativeLibraries.CallHeif(file, bytes => HeifDecoder.Decode(bytes, limits))
        : throw Refusal.HeifElsewhere(FileKinds.NameOfHeif(file));

    /// <summary>The values of a palette or grey PNG of 1, 2, 4, 8 or 16 bits, as they are stored.</summary>
    public static (ushort[] Values, int Width, int Height) DecodePngValues(ReadOnlySpan<byte> file, ImageLimits limits) => PortableCodecs.AreUsed
        ? PortablePng.DecodeValues(file, limits)
        : NativeLibraries.Call(NativeLibraries.Spng, file, bytes => PngDecoder.DecodeValues(bytes, limits));

    /// <summary>A JPEG of all its colours, or with every four pixels sharing theirs (4:2:0).</summary>
    public static byte[] EncodeJpeg(RgbImage image, int quality, bool subsampled = false) => PortableCodecs.AreUsed
        ? PortableJpeg.Encode(image, quality, subsampled)
        : NativeLibraries.Call<byte, byte[]>(NativeLibraries.TurboJpeg, [], _ => JpegCompressor.Compress(image, quality, subsampled));

    /// <summary>A palette PNG of 8 bits of values below 256, or a grey one of 16 bits where there is no palette.</summary>
    public static byte[] EncodePngValues(ReadOnlySpan<ushort> values, int width, int height, IReadOnlyList<RgbColor>? palette) => PortableCodecs.AreUsed
        ? PortablePngEncoder.Encode(values, width, height, palette)
        : NativeLibraries.Call(NativeLibraries.Spng, values, items => PngValuesEncoder.Encode(items, width, height, palette));

    /// <summary>A grey PNG of 8 bits, or with three channels an RGB one.</summary>
    public static byte[] EncodePngBytes(ReadOnlySpan<byte> bytes, int width, int height, int channels) => PortableCodecs.AreUsed
        ? PortablePngEncoder.Encode(bytes, width, height, channels)
        : NativeLibraries.Call(NativeLibraries.Spng, bytes, items => PngValuesEncoder.Encode(items, width, height, channels));
}
