namespace Sclip.Segmentation.Kernels;

/// <summary>Two neighbouring source positions and the share of the second, 0..1.</summary>
internal readonly record struct Tap(int First, int Second, float Share)
{
    public float Mix(ReadOnlySpan<float> values) => Mix(values[First], values[Second]);

    public float Mix(float first, float second) => first + (second - first) * Share;
}
