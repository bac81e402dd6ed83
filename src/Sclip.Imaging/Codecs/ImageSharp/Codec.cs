using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Imaging.Codecs.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace Sclip.Imaging.Codecs;

/// <summary>Files to pixels and back, by ImageSharp.</summary>
internal static class Codec
{
    // Pictures are decoded side by side; none of them is worth several cores.
    private static readonly Configuration Configuration = new() { MaxDegreeOfParallelism = 1 };

    private static readonly DecoderOptions Options = new() { Configuration = Configuration, SkipMetadata = true, MaxFrames = 1 };

    private static readonly PngDecoderOptions PngOptions = new() { GeneralOptions = Options, PngCrcChunkHandling = PngCrcChunkHandling.IgnoreNone };

    public static DecodedPixels DecodeJpeg(ReadOnlySpan<byte> file, JpegMetadata _, ImageLimits limits)
    {
        var jpeg = BareJpeg.Of(file, limits);
        return new DecodedPixels(jpeg.Width, jpeg.Height, 3, Decode(jpeg, stream => JpegDecoder.Instance.Decode<Rgb24>(Options, stream)));
    }

    public static DecodedPixels DecodePng(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var png = BarePng.Of(file, limits);
        return png.HasAlpha
            ? new DecodedPixels(png.Width, png.Height, 4, Decode(png, stream => PngDecoder.Instance.Decode<Rgba32>(PngOptions, stream)))
            : new DecodedPixels(png.Width, png.Height, 3, Decode(png, stream => PngDecoder.Instance.Decode<Rgb24>(PngOptions, stream)));
    }

    public static DecodedPixels DecodeWebP(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var webP = BareWebP.Of(file, limits);
        return webP.HasAlpha
            ? new DecodedPixels(webP.Width, webP.Height, 4, Decode(webP, stream => WebpDecoder.Instance.Decode<Rgba32>(Options, stream)))
            : new DecodedPixels(webP.Width, webP.Height, 3, Decode(webP, stream => WebpDecoder.Instance.Decode<Rgb24>(Options, stream)));
    }

    /// <summary>The values of a palette or grey PNG of 1, 2, 4, 8 or 16 bits, as they are stored.</summary>
    public static (ushort[] Values, int Width, int Height) DecodePngValues(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var png = BarePng.OfValues(file, limits, out var depth);
        // A grey of less than 8 bits is spread over 0..255 by a whole factor: 255, 85 or 17.
        var step = 255 / ((1 << Math.Min(depth, 8)) - 1);
        var values = depth == 16
            ? MemoryMarshal.Cast<byte, ushort>(Decode(png, stream => PngDecoder.Instance.Decode<L16>(PngOptions, stream))).ToArray()
            : Array.ConvertAll(Decode(png, stream => PngDecoder.Instance.Decode<L8>(PngOptions, stream)), value => (ushort)(value / step));
        return (values, png.Width, png.Height);
    }

    /// <summary>A JPEG of all its colours, or with every four pixels sharing theirs (4:2:0).</summary>
    public static byte[] EncodeJpeg(RgbImage image, int quality, bool subsampled = false)
    {
        using var pixels = Image.WrapMemory<Rgb24>(Configuration, image.Pixels, image.Width, image.Height);
        var color = subsampled ? JpegEncodingColor.YCbCrRatio420 : JpegEncodingColor.YCbCrRatio444;
        var encoder = new SixLabors.ImageSharp.Formats.Jpeg.JpegEncoder { Quality = quality, ColorType = color, SkipMetadata = true };
        using var stream = new MemoryStream();
        try
        {
            encoder.Encode(pixels, stream);
        }
        catch (ImageFormatException error)
        {
            throw new InvalidOperationException($"A JPEG of {image.Width} x {image.Height} pixels cannot be written: {error.Message.TrimEnd('.')}.");
        }
        return stream.ToArray();
    }

    /// <summary>A palette PNG of 8 bits of values below 256, or a grey one of 16 bits where there is no palette.</summary>
    public static byte[] EncodePngValues(ReadOnlySpan<ushort> values, int width, int height, IReadOnlyList<RgbColor>? palette)
    {
        if (palette is null)
            return EncodePng<L16>(MemoryMarshal.AsBytes(values).ToArray(), width, height, PngColorType.Grayscale, PngBitDepth.Bit16);
        var indices = GC.AllocateUninitializedArray<byte>(values.Length);
        for (var i = 0; i < indices.Length; i++)
            indices[i] = (byte)values[i];
        return BarePng.WithPalette(EncodePng<L8>(indices, width, height, PngColorType.Grayscale, PngBitDepth.Bit8), palette);
    }

    /// <summary>A grey PNG of 8 bits, or with three channels an RGB one.</summary>
    public static byte[] EncodePngBytes(ReadOnlySpan<byte> bytes, int width, int height, int channels) => channels == 1
        ? EncodePng<L8>(bytes.ToArray(), width, height, PngColorType.Grayscale, PngBitDepth.Bit8)
        : EncodePng<Rgb24>(bytes.ToArray(), width, height, PngColorType.Rgb, PngBitDepth.Bit8);

    private static byte[] EncodePng<TPixel>(byte[] values, int width, int height, PngColorType color, PngBitDepth depth) where TPixel : unmanaged, IPixel<TPixel>
    {
        var encoder = new PngEncoder
        {
            ColorType = color,
            BitDepth = depth,
            // Runs of one class compress as well at a low level as at a high one, and in a fraction of the time.
            CompressionLevel = PngCompressionLevel.Level3,
            // Indices are no intensities: differences between them mean nothing.
            FilterMethod = PngFilterMethod.None,
            SkipMetadata = true,
        };
        using var pixels = Image.WrapMemory<TPixel>(Configuration, values, width, height);
        using var stream = new MemoryStream();
        encoder.Encode(pixels, stream);
        return stream.ToArray();
    }

    private static byte[] Decode<TPixel>(BareFile file, Func<Stream, Image<TPixel>> decode) where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            using var image = decode(file.Content);
            if ((image.Width, image.Height) != (file.Width, file.Height))
                throw Refusal.Damaged(file.Format, "its sizes contradict each other");
            var pixels = GC.AllocateUninitializedArray<byte>(checked(image.Width * image.Height * Unsafe.SizeOf<TPixel>()));
            image.CopyPixelDataTo(pixels);
            return pixels;
        }
        catch (Exception error) when (error is ImageFormatException or NotSupportedException)
        {
            throw Refusal.Damaged(file.Format, error.Message.TrimEnd('.'));
        }
        // Hostile data also shows as the exceptions of slips in the decoder, whose texts say nothing to a user.
        catch (Exception error) when (error is not (ImageDecodeException or OutOfMemoryException))
        {
            throw Refusal.Damaged(file.Format);
        }
    }
}
