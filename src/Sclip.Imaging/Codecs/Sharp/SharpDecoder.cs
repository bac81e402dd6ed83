using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>
/// BMP, GIF, TIFF and TGA by ImageSharp, and the others where no library of the system is used. Each file's header is read here before: what ImageSharp is known to decode to other pixels than the file's
/// is refused there, and it makes up what a truncated file lacks.
/// </summary>
internal static unsafe class SharpDecoder
{
    private const long ReserveBytes = 32 << 20;

    public static DecodedPixels DecodeBmp(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken) =>
        Decode(file, "BMP", new BmpDecoder { RleSkippedPixelHandling = RleSkippedPixelHandling.FirstColorOfPalette }, BmpHeader.Read(file, limits), cancellationToken);

    public static DecodedPixels DecodeTga(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken) =>
        Decode(file, "TGA", new TgaDecoder(), TgaHeader.Read(file, limits), cancellationToken);

    /// <summary>The first page.</summary>
    public static DecodedPixels DecodeTiff(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var header = TiffHeader.Read(file, limits, out var nextPageAt);
        return Decode(FirstPage(file, nextPageAt), "TIFF", new TiffDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true }, header, cancellationToken);
    }

    /// <summary>The values of the first page, grey or of a palette, of up to 16 bits, as they are stored; where 0 is white, counted from black as others read them.</summary>
    public static (ushort[] Values, int Width, int Height) DecodeTiffValues(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var header = TiffHeader.Read(file, limits, out var nextPageAt);
        var most = (1 << TiffHeader.Depth(file)) - 1;
        var values = GC.AllocateUninitializedArray<ushort>(header.Width * header.Height);
        Decode<L16>(TiffHeader.WithoutPalette(FirstPage(file, nextPageAt)), "TIFF", new TiffDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true }, header, image => image.CopyPixelDataTo(MemoryMarshal.Cast<ushort, L16>(values.AsSpan())), CancellationToken.None);
        if (most < ushort.MaxValue)
            // Values of fewer bits come stretched to 16.
            foreach (ref var value in values.AsSpan())
                value = (ushort)((value * (long)most + ushort.MaxValue / 2) / ushort.MaxValue);
        return (values, header.Width, header.Height);
    }

    // ImageSharp reads the directories of all pages before the first, and fails with the worst of them.
    private static ReadOnlySpan<byte> FirstPage(ReadOnlySpan<byte> file, int nextPageAt) =>
        file.Slice(nextPageAt, 4).ContainsAnyExcept((byte)0) ? (byte[])[.. file[..nextPageAt], 0, 0, 0, 0, .. file[(nextPageAt + 4)..]] : file;

    /// <summary>The first frame, on its screen; what it leaves open there is clear.</summary>
    public static DecodedPixels DecodeGif(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var frame = GifFrame.Read(file, limits);
        var decoded = Decode(file[..frame.End], "GIF", new GifDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true }, new SharpHeader(frame.Width, frame.Height, HasAlpha: true), cancellationToken);
        frame.ClearOutside(decoded.Pixels);
        return decoded;
    }

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, string format, IImageDecoder decoder, SharpHeader header, CancellationToken cancellationToken) => (header.Is16Bit, header.HasAlpha) switch
    {
        (false, false) => Decode<Rgb24>(file, format, decoder, header, cancellationToken),
        (false, true) => Decode<Rgba32>(file, format, decoder, header, cancellationToken),
        (true, false) => Decode<Rgb48>(file, format, decoder, header, cancellationToken),
        (true, true) => Decode<Rgba64>(file, format, decoder, header, cancellationToken),
    };

    private static DecodedPixels Decode<TPixel>(ReadOnlySpan<byte> file, string format, IImageDecoder decoder, SharpHeader header, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        byte[] pixels = [];
        Decode<TPixel>(file, format, decoder, header, image => pixels = Bytes(image, header), cancellationToken);
        return new DecodedPixels(header.Width, header.Height, header.HasAlpha ? 4 : 3, pixels);
    }

    public static void Decode<TPixel>(ReadOnlySpan<byte> file, string format, IImageDecoder decoder, SharpHeader header, Action<Image<TPixel>> take, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        // A frame and as much again for what is unpacked on the way.
        var configuration = new Configuration { MemoryAllocator = new BudgetAllocator((2L * sizeof(TPixel) + header.WorkingBytes) * header.Width * header.Height + ReserveBytes) };
        try
        {
            fixed (byte* bytes = file)
            {
                using var stream = new UnmanagedMemoryStream(bytes, file.Length);
                using var image = decoder.Decode<TPixel>(configuration, stream, cancellationToken);
                if ((image.Width, image.Height) != (header.Width, header.Height))
                    throw Refusal.Damaged(format, $"it holds {image.Width} x {image.Height} pixels, its header says {header.Width} x {header.Height}");
                take(image);
            }
        }
        catch (Exception error) when (error is not (ImageDecodeException or OperationCanceledException or OutOfMemoryException))
        {
            // Of damaged files it throws what its code happens to run into, which tells nobody anything.
            throw Refusal.Damaged(format, error is ImageFormatException or NotSupportedException ? error.Message.ReplaceLineEndings(" ").TrimEnd('.', '!', ' ') : null);
        }
    }

    /// <summary>The values, of 16 bits the upper 8, as libspng has them.</summary>
    private static byte[] Bytes<TPixel>(Image<TPixel> image, SharpHeader header) where TPixel : unmanaged, IPixel<TPixel>
    {
        var (channels, width) = (header.HasAlpha ? 4 : 3, header.Width);
        var pixels = GC.AllocateUninitializedArray<byte>(width * header.Height * channels);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var source = MemoryMarshal.AsBytes(rows.GetRowSpan(y));
                var target = pixels.AsSpan(y * width * channels, width * channels);
                if (header.Is16Bit)
                    for (var i = 0; i < target.Length; i++)
                        target[i] = source[2 * i + 1];
                else
                    source.CopyTo(target);
            }
        });
        return pixels;
    }
}
