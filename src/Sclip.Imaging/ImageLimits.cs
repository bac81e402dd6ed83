using System.Globalization;

namespace Sclip.Imaging;

/// <summary>What a picture may be at most; checked before memory is taken.</summary>
public sealed record ImageLimits
{
    /// <summary>The usual limits.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>None, for what was written once and is read again, whatever the limits are now.</summary>
    public static ImageLimits None { get; } = new() { MaxPixels = long.MaxValue, MaxFileBytes = long.MaxValue };

    /// <summary>Width times height.</summary>
    public long MaxPixels { get; init; } = 200_000_000;

    /// <summary>Bytes of the file.</summary>
    public long MaxFileBytes { get; init; } = 512L << 20;

    // Interleaved RGBA stands in one array, which bounds it as well.
    private long Most => Math.Min(MaxPixels, Array.MaxLength / 4);

    /// <summary>The side of the least square that holds any picture within the limits.</summary>
    internal int SideOfSquare => (int)Math.Ceiling(Math.Sqrt(Most));

    /// <summary>Refuses what is larger.</summary>
    /// <exception cref="ImageDecodeException">A picture of this size is more than one may be, or nothing.</exception>
    public void Check(long width, long height)
    {
        var most = Most;
        if (width < 1 || height < 1)
            throw new ImageDecodeException($"the picture is {width} x {height} pixels: nothing to see.");
        if (width > most / height)
            throw new ImageDecodeException(string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels are more than the limit of {most:N0} (--max-pixels)."));
    }
}
