using Sclip.Segmentation;
using Sclip.Segmentation.Vision;

namespace Sclip.Bench.Peers;

/// <summary>Windows of random pixels, each of others: as our engine takes them, and normalised, <c>[windows, 3, side, side]</c>, as the others do.</summary>
internal sealed record WindowBatch
{
    public WindowBatch(int count, ClipConfig config, PixelNormalisation normalisation)
    {
        var side = config.ImageSize;
        var rgb = new byte[count * side * side * 3];
        new Random(2).NextBytes(rgb);
        Windows = [.. Enumerable.Range(0, count).Select(i => new PixelWindow(rgb, side, i * side, 0, side, side))];
        Pixels = new float[rgb.Length];
        var plane = side * side;
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3);
            var (window, position) = Math.DivRem(pixel, plane);
            Pixels[(window * 3 + channel) * plane + position] = normalisation.Apply(channel, rgb[i]);
        }
        (Side, Tokens, EmbeddingSize) = (side, 1 + config.NativeGrid * config.NativeGrid, config.EmbeddingSize);
    }

    public int Count => Windows.Length;

    public PixelWindow[] Windows { get; }

    public float[] Pixels { get; }

    public int Side { get; }

    public int Tokens { get; }

    public int EmbeddingSize { get; }
}
