namespace Sclip.Segmentation.TorchSharp;

/// <summary>How many windows fit a forward pass.</summary>
internal static class BatchPlan
{
    // Beyond this a pass takes longer, and does not do more in its time.
    private const int Most = 256;
    private const int MostOnCpu = 8;

    /// <summary>Windows that free memory holds: half of it, for libtorch keeps what it has freed, in pieces.</summary>
    /// <param name="config">The model.</param>
    /// <param name="precision">What is computed in.</param>
    /// <param name="device">The device.</param>
    public static int Windows(ClipConfig config, EnginePrecision precision, TorchDevice device) =>
        (int)Math.Clamp(device.FreeBytes / 2 / BytesOfWindow(config, precision), 1, device.Context is null ? MostOnCpu : Most);

    /// <summary>
    /// Most that a native window takes at once: the stream and its norm in 32 bits, queries, keys, values, context and the MLP's hidden
    /// layer in the products' precision, the picture's pixels, and the logits of a usual number of names.
    /// </summary>
    internal static long BytesOfWindow(ClipConfig config, EnginePrecision precision)
    {
        const int UsualNames = 64;
        var size = precision == EnginePrecision.Float32 ? 4 : 2;
        var tokens = 1L + (long)config.NativeGrid * config.NativeGrid;
        var layer = tokens * (config.Vision.Width * (3L * sizeof(float) + 6L * size) + 2L * config.Vision.Hidden * size);
        var pixels = (long)config.ImageSize * config.ImageSize * sizeof(float) * (2 * 3 + 2 * UsualNames);
        return layer + pixels;
    }
}
