using Sclip.Imaging;
using Sclip.Imaging.Codecs;

namespace Sclip.Bench.Doubles;

/// <summary>Pictures that cost a JPEG decoder what photographs do: smooth areas, edges, and grain that fills some 50 kB at 500 x 375.</summary>
internal static class Photograph
{
    private const int Quality = 88;

    public static byte[] Jpeg(int width, int height, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[width * height * 3];
        var waves = Enumerable.Range(0, 9).Select(_ => (X: random.NextDouble() * 0.06, Y: random.NextDouble() * 0.06, Phase: random.NextDouble() * 6.28)).ToArray();
        var discs = Enumerable.Range(0, 40).Select(_ => (X: random.Next(width), Y: random.Next(height), Radius: random.Next(8, 60), Shade: random.Next(-60, 60))).ToArray();
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var shade = discs.Sum(disc => (x - disc.X) * (x - disc.X) + (y - disc.Y) * (y - disc.Y) < disc.Radius * disc.Radius ? disc.Shade : 0) / 2;
                var grain = random.Next(-12, 13);
                for (var channel = 0; channel < 3; channel++)
                {
                    var light = waves.Skip(channel * 3).Take(3).Sum(wave => Math.Sin(x * wave.X + y * wave.Y + wave.Phase));
                    pixels[(y * width + x) * 3 + channel] = (byte)Math.Clamp(128 + 28 * light + shade + grain, 0, 255);
                }
            }
        return Codec.EncodeJpeg(new RgbImage(width, height, pixels), Quality, subsampled: true);
    }
}
