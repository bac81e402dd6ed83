using Sclip.Segmentation;
using Sclip.Segmentation.Vision;

namespace Sclip.Bench.Peers;

/// <summary>Windows: as our engine takes them, and normalised, <c>[windows, 3, side, side]</c>, as the others do.</summary>
internal sealed record WindowBatch
{
    private WindowBatch(int count, ClipConfig config, byte[] rgb)
    {
        var side = config.ImageSize;
        Windows = [.. Enumerable.Range(0, count).Select(i => new PixelWindow(rgb, side, i * side, 0, side, side))];
        Pixels = new float[rgb.Length];
        (Side, Tokens, EmbeddingSize) = (side, 1 + config.NativeGrid * config.NativeGrid, config.EmbeddingSize);
    }

    /// <summary>Windows of random pixels, each of others.</summary>
    public static WindowBatch Random(int count, ClipConfig config, PixelNormalisation normalisation)
    {
        var rgb = new byte[Bytes(count, config)];
        new Random(2).NextBytes(rgb);
        var (batch, plane) = (new WindowBatch(count, config, rgb), config.ImageSize * config.ImageSize);
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3);
            var (window, position) = Math.DivRem(pixel, plane);
            batch.Pixels[(window * 3 + channel) * plane + position] = normalisation.Apply(channel, rgb[i]);
        }
        return batch;
    }

    /// <summary>Windows of one colour, which take no time to make.</summary>
    public static WindowBatch Plain(int count, ClipConfig config) => new(count, config, new byte[Bytes(count, config)]);

    public int Count => Windows.Length;

    public PixelWindow[] Windows { get; }

    public float[] Pixels { get; }

    public int Side { get; }

    public int Tokens { get; }

    public int EmbeddingSize { get; }

    private static int Bytes(int count, ClipConfig config) => count * config.ImageSize * config.ImageSize * 3;
}
