using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>The activations of a forward pass: one buffer a role, grown to the largest batch and kept.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly NativeBuffer?[] _parts = new NativeBuffer?[Enum.GetValues<Part>().Length];

    public enum Part
    {
        Stream,
        Normed,
        Qkv,
        Projected,
        Context,
        Pixels,
        Features,
    }

    public float* Get(Part part, long rows, int columns)
    {
        ref var buffer = ref _parts[(int)part];
        if (buffer is null || buffer.Length < rows * columns)
        {
            buffer?.Dispose();
            buffer = new NativeBuffer(rows * columns);
        }
        return buffer.Pointer;
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part?.Dispose();
    }
}
