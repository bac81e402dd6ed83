using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>JPEG by ImageSharp, which fills up what a file lacks without a word: that it goes on to its end mark is checked here before.</summary>
internal static class PortableJpeg
{
    private const string Name = "JPEG";
    private const int MostScans = 500, MostSide = 65535, Inks = 4;

    // Of progressive files the coefficients of all components are kept, two bytes each, in whole blocks.
    private const int CoefficientBytes = 12;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, JpegMetadata metadata, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (metadata.Width == 0 || metadata.Height == 0)
            throw Refusal.Damaged(Name, "its header cannot be read");
        if (metadata.Precision != 8)
            throw Refusal.Unsupported(Name, $"{metadata.Precision} bits a value");
        if (metadata.Components == Inks && !metadata.IsAdobe)
            throw Refusal.Unsupported(Name, "CMYK colours without Adobe's mark");
        limits.Check(metadata.Width, metadata.Height);
        // Behind them ImageSharp reads tables wrongly, and says nothing.
        if (metadata.HasStrayBytes)
            throw Refusal.Damaged(Name, "bytes that belong to nothing stand between its segments");
        if (!metadata.HasEnd)
            throw Refusal.Damaged(Name, "the end is missing");
        if (file.Count<byte>([0xFF, 0xDA]) > MostScans)
            throw Refusal.Damaged(Name, $"it has more than {MostScans} scans");
        return SharpDecoder.Decode(file, Name, new JpegDecoder { IgnoreMetadata = true }, new SharpHeader(metadata.Width, metadata.Height, HasAlpha: false, WorkingBytes: CoefficientBytes), cancellationToken);
    }

    public static byte[] Encode(RgbImage image, int quality, bool subsampled)
    {
        if (image.Width > MostSide || image.Height > MostSide)
            throw new InvalidOperationException($"A JPEG of {image.Width} x {image.Height} pixels cannot be written: its sides may have {MostSide} at most.");
        var configuration = new Configuration { MemoryAllocator = new SimpleGcMemoryAllocator() };
        using var pixels = Image.LoadPixelData<Rgb24>(configuration, image.Pixels, image.Width, image.Height);
        using var stream = new MemoryStream();
        pixels.Save(stream, new SixLabors.ImageSharp.Formats.Jpeg.JpegEncoder { Quality = quality, ColorType = subsampled ? JpegColorType.YCbCrRatio420 : JpegColorType.YCbCrRatio444 });
        return stream.ToArray();
    }
}
