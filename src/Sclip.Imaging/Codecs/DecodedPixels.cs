namespace Sclip.Imaging.Codecs;

/// <summary>What a codec makes of a file: <c>[Height, Width, Channels]</c>, 3 channels for RGB and 4 for RGBA, as they are stored.</summary>
internal readonly record struct DecodedPixels(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>The picture, transparency laid over white.</summary>
    public RgbImage ToRgb() => new(Width, Height, Channels == 4 ? Alpha.OverWhite(Pixels) : Pixels);
}
