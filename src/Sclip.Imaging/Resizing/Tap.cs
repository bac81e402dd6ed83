namespace Sclip.Imaging.Resizing;

/// <summary>Where a target position lies in the source, along one axis.</summary>
/// <param name="First">Offset of the source position before it.</param>
/// <param name="Second">Offset of the source position behind it.</param>
/// <param name="Share">Share of the second, 0 to 1.</param>
public readonly record struct Tap(int First, int Second, float Share)
{
    /// <summary>
    /// The taps of an axis that goes from <paramref name="source"/> to <paramref name="target"/> pixels: in double precision and held within the source, as
    /// OpenCV's INTER_LINEAR has them. What the engine upsamples is interpolated as PyTorch does, in single precision, so that it has positions of its own.
    /// </summary>
    /// <param name="source">Pixels of the source, at least one.</param>
    /// <param name="target">Pixels of the target.</param>
    /// <param name="step">What lies between the offsets of two neighbours.</param>
    public static Tap[] Along(int source, int target, int step = 1)
    {
        var taps = new Tap[target];
        var scale = (double)source / target;
        for (var i = 0; i < target; i++)
        {
            var position = Math.Clamp((i + 0.5) * scale - 0.5, 0, source - 1);
            var first = (int)position;
            taps[i] = new Tap(first * step, Math.Min(first + 1, source - 1) * step, (float)(position - first));
        }
        return taps;
    }
}
