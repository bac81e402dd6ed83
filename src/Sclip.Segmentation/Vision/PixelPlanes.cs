namespace Sclip.Segmentation.Vision;

/// <summary>Changed copies of a normalised picture <c>[3, height, width]</c>.</summary>
internal static class PixelPlanes
{
    // Of ITU-R BT.601, as pictures are commonly made grey.
    private static readonly float[] Luma = [0.2989f, 0.587f, 0.114f];

    /// <summary>The luma in all three channels.</summary>
    public static float[] Grey(float[] planes)
    {
        var (grey, pixels) = (new float[planes.Length], planes.Length / 3);
        for (var i = 0; i < pixels; i++)
            grey[i] = Luma[0] * planes[i] + Luma[1] * planes[pixels + i] + Luma[2] * planes[2 * pixels + i];
        for (var channel = 1; channel < 3; channel++)
            grey.AsSpan(0, pixels).CopyTo(grey.AsSpan(channel * pixels));
        return grey;
    }

    /// <summary>Blurred by a Gaussian cut off at <paramref name="radius"/> pixels; beyond the borders the picture is mirrored, its outermost pixels not repeated.</summary>
    public static float[] Blur(float[] planes, WindowSize size, int radius, float sigma)
    {
        var weights = new float[2 * radius + 1];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = MathF.Exp(-0.5f * (i - radius) * (i - radius) / (sigma * sigma));
        var sum = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= sum;
        var (rows, columns) = (Mirrored(size.Height, radius), Mirrored(size.Width, radius));
        var (across, blurred) = (new float[planes.Length], new float[planes.Length]);
        for (var line = 0; line < planes.Length; line += size.Width)
            for (var x = 0; x < size.Width; x++)
                for (var i = 0; i < weights.Length; i++)
                    across[line + x] += weights[i] * planes[line + columns[x + i]];
        for (var plane = 0; plane < planes.Length; plane += size.Height * size.Width)
            for (var y = 0; y < size.Height; y++)
                for (var i = 0; i < weights.Length; i++)
                    for (var x = 0; x < size.Width; x++)
                        blurred[plane + y * size.Width + x] += weights[i] * across[plane + rows[y + i] * size.Width + x];
        return blurred;
    }

    /// <summary>In the middle of zeros, which are the mean colour, of a larger size.</summary>
    public static float[] Pad(float[] planes, WindowSize size, WindowSize padded)
    {
        if (padded == size)
            return planes;
        var (result, left) = (new float[3 * padded.Height * padded.Width], (padded.Width - size.Width) / 2);
        for (var channel = 0; channel < 3; channel++)
            for (var y = 0; y < size.Height; y++)
            {
                var row = channel * padded.Height + (padded.Height - size.Height) / 2 + y;
                planes.AsSpan((channel * size.Height + y) * size.Width, size.Width).CopyTo(result.AsSpan(row * padded.Width + left));
            }
        return result;
    }

    /// <summary>Upside down.</summary>
    public static float[] FlipRows(float[] planes, WindowSize size)
    {
        var flipped = new float[planes.Length];
        for (var plane = 0; plane < planes.Length; plane += size.Height * size.Width)
            for (var y = 0; y < size.Height; y++)
                planes.AsSpan(plane + y * size.Width, size.Width).CopyTo(flipped.AsSpan(plane + (size.Height - 1 - y) * size.Width));
        return flipped;
    }

    /// <summary>Left to right.</summary>
    public static float[] FlipColumns(float[] planes, WindowSize size)
    {
        float[] flipped = [.. planes];
        for (var line = 0; line < planes.Length; line += size.Width)
            flipped.AsSpan(line, size.Width).Reverse();
        return flipped;
    }

    /// <summary>The positions -radius..size + radius - 1, those outside mirrored at the border.</summary>
    private static int[] Mirrored(int size, int radius)
    {
        var period = Math.Max(2 * (size - 1), 1);
        return [.. Enumerable.Range(-radius, size + 2 * radius).Select(position => Math.Abs(position) % period is var within && within < size ? within : period - within)];
    }
}
