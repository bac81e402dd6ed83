using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Testing;

/// <summary>Writes files of a data set.</summary>
public static class Miniature
{
    /// <summary>Writes a picture of noise, JPEG or PNG by its ending.</summary>
    public static void Picture(this TemporaryFolder folder, string path, int width, int height, int seed = 1)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        if (path.EndsWith(".jpg", StringComparison.Ordinal))
        {
            folder.Write(path, JpegEncoder.Encode(new RgbImage(width, height, pixels)));
            return;
        }
        // The values of a mask show the colours of its palette: so a PNG in colour is made of one.
        var palette = Enumerable.Range(0, 256).Select(i => new RgbColor((byte)(i * 7), (byte)(i * 11), (byte)(i * 13))).ToArray();
        folder.Write(path, Png([.. pixels.Take(width * height).Select(value => (ushort)value)], width, height, palette));
    }

    /// <summary>Writes ground truth.</summary>
    public static void Truth(this TemporaryFolder folder, string path, ushort[] ids, int width, int height) =>
        folder.Write(path, Png(ids, width, height, Palette.PascalVoc(256)));

    private static byte[] Png(ushort[] values, int width, int height, RgbColor[] palette)
    {
        using var file = new MemoryStream();
        MaskEncoder.Write(file, values, width, height, palette);
        return file.ToArray();
    }
}
