namespace Sclip.Segmentation.Kernels;

/// <summary>One thread's working memory: buffers that grow to the largest size asked for and are kept.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private readonly NativeBuffer?[] _buffers = new NativeBuffer?[Enum.GetValues<Slot>().Length];

    /// <summary>The uses that are alive at the same time.</summary>
    public enum Slot
    {
        PackedRows,
        PackedHidden,
        Normed,
        Rounded,
        Compared,
        Queries,
        Values,
        Weights,
        Term,
        Context,
        Row,
        Stored,
        Features,
        Logits,
        Pixels,
        Planes,
    }

    public float* Get(Slot slot, long length)
    {
        ref var buffer = ref _buffers[(int)slot];
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = new NativeBuffer(length);
        }
        return buffer.Pointer;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer?.Dispose();
    }
}
