namespace Sclip.Imaging.Resizing;

/// <summary>Resizes label maps: labels are names and cannot be mixed, so that each pixel takes the one at its centre.</summary>
internal static class NearestLabels
{
    /// <summary>Resizes <c>[height, width]</c> to <c>[newHeight, newWidth]</c>.</summary>
    public static ushort[] Resize(ReadOnlySpan<ushort> labels, int width, int height, int newWidth, int newHeight)
    {
        var resized = new ushort[newWidth * newHeight];
        for (var y = 0; y < newHeight; y++)
        {
            var row = labels.Slice((int)((y + 0.5) * height / newHeight) * width, width);
            for (var x = 0; x < newWidth; x++)
                resized[y * newWidth + x] = row[(int)((x + 0.5) * width / newWidth)];
        }
        return resized;
    }
}
