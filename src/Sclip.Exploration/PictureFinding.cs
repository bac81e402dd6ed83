using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Exploration;

/// <summary>What is shown of one picture; maps of several methods are in the order of the methods.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Thumbnail">The picture, small.</param>
internal sealed record PictureFinding(string Name, int Width, int Height, RgbImage Thumbnail)
{
    /// <summary>The labels by each method.</summary>
    public required IReadOnlyList<Jpeg> Labels { get; init; }

    /// <summary>Heat maps, of the class that wins most first.</summary>
    public required IReadOnlyList<ClassMaps> Classes { get; init; }

    /// <summary>Points and their attention.</summary>
    public required IReadOnlyList<PointMaps> Points { get; init; }

    /// <summary>The clusters by each method; empty until all pictures are there.</summary>
    public IReadOnlyList<Jpeg> Clusters { get; init; } = [];
}

/// <summary>A picture as it stands in the page.</summary>
internal sealed record Jpeg(byte[] File, int Width, int Height)
{
    private const int Quality = 82;

    public static Jpeg Of(RgbImage image) => new(JpegEncoder.Encode(image, Quality), image.Width, image.Height);
}

/// <summary>The heat maps of a class, which share one scale from <paramref name="Low"/> to <paramref name="High"/>.</summary>
internal sealed record ClassMaps(string Name, RgbColor Color, double Share, float Low, float High, IReadOnlyList<Jpeg> Maps);

/// <summary>A point of a picture, in pixels of the original, and where it looks.</summary>
/// <param name="X">Its column.</param>
/// <param name="Y">Its row.</param>
/// <param name="Class">The class whose widest part it is the centre of; null where the user chose it.</param>
/// <param name="Frame">The window, in shares of the picture's width and height.</param>
/// <param name="Window">The window's pixels.</param>
/// <param name="Mark">The point in the window, in shares of its width and height.</param>
/// <param name="Maps">Attention by each method.</param>
internal sealed record PointMaps(
    int X, int Y, string? Class, (double X, double Y, double Width, double Height) Frame, Jpeg Window, (double X, double Y) Mark, IReadOnlyList<AttentionMap> Maps);

/// <summary>Where a point looks by one method.</summary>
/// <param name="Map">The shares of the patches over the window, from 0 to the greatest.</param>
/// <param name="Peak">The greatest share.</param>
/// <param name="Own">The share of the point's own patch.</param>
/// <param name="ClassToken">The share of CLS.</param>
/// <param name="Spread">Patches that it looks at, as an even look at so many would have the same entropy.</param>
/// <param name="Patches">All patches.</param>
internal sealed record AttentionMap(Jpeg Map, double Peak, double Own, double ClassToken, double Spread, int Patches);
