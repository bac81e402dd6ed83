namespace Sclip.Imaging.Tests;

/// <summary>
/// Pictures of 48 x 32 pixels in four quadrants, red, green, blue and yellow, in many formats. In those with transparency the upper left
/// quadrant is clear and the lower left half so; GIF, which has no halves, has the first alone.
/// </summary>
/// <remarks>
/// Of those that the tests do not write themselves, TIFF, BMP, GIF, PPM and run-lengths.tga are Pillow's (TIFF by its libtiff: LZW, with differences or
/// without, deflate, pack bits), run-lengths.bmp is ImageMagick's (BMP3, RLE), HEIC and AVIF of 8 bits and rgb10.heic are libheif's heif-enc at
/// quality 90 (rgb10.heic from a PNG of 16 bits), and the other AVIF are libavif's avifenc without loss: of 10 bits; of pictures turned or mirrored
/// before, or within a larger one, with the property that undoes it; and grid.avif of 128 x 64 pixels in two tiles.
/// </remarks>
internal static class Fixture
{
    public static readonly (byte R, byte G, byte B)[] Quadrants = [(200, 40, 40), (40, 180, 60), (50, 60, 200), (230, 220, 90)];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static TheoryData<string> All => [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name != "animated.webp").Order(StringComparer.Ordinal)];

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static RgbImage Decode(string name) => ImageDecoder.Decode(Read(name), ImageLimits.Default);

    /// <summary>The pixel in the middle of a quadrant: 0 upper left, 1 upper right, 2 lower left, 3 lower right.</summary>
    public static (byte R, byte G, byte B) Middle(RgbImage image, int quadrant)
    {
        var (x, y) = (quadrant % 2 * 24 + 12, quadrant / 2 * 16 + 8);
        var pixel = image.Pixels.AsSpan((y * image.Width + x) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    public static void AssertQuadrants(RgbImage image, int tolerance, params (byte R, byte G, byte B)[] expected)
    {
        Assert.Equal((48, 32), (image.Width, image.Height));
        for (var i = 0; i < 4; i++)
        {
            var actual = Middle(image, i);
            Assert.True(
                Math.Abs(actual.R - expected[i].R) <= tolerance && Math.Abs(actual.G - expected[i].G) <= tolerance && Math.Abs(actual.B - expected[i].B) <= tolerance,
                $"Quadrant {i} is {actual}, expected {expected[i]}.");
        }
    }
}
