using System.Globalization;
using Sclip.Imaging;

namespace Sclip.ChaosWorker;

/// <summary>The product's decoder, but that it spins for ever, whatever it is told, on a picture of the size CHAOS_ENDLESS (WIDTHxHEIGHT).</summary>
internal static class EndlessDecoder
{
    private static readonly string? Size = Environment.GetEnvironmentVariable("CHAOS_ENDLESS");

    public static RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        var picture = ImageDecoder.Decode(file, limits, cancellationToken);
        if (string.Create(CultureInfo.InvariantCulture, $"{picture.Width}x{picture.Height}") == Size)
            while (true)
                ;
        return picture;
    }
}
