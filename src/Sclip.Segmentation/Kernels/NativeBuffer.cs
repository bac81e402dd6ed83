using System.Runtime.InteropServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>Floats outside the managed heap, aligned to 64 bytes (a cache line and the widest vector).</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private float* _pointer;

    public NativeBuffer(long length)
    {
        Length = length;
        _pointer = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1) * sizeof(float), Alignment);
        GC.AddMemoryPressure(Bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    public float* Pointer => _pointer is null ? throw new ObjectDisposedException(nameof(NativeBuffer)) : _pointer;

    private long Bytes => Math.Max(Length, 1) * sizeof(float);

    public Span<float> Span(long start, int length) => new(Pointer + start, length);

    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Length * sizeof(float));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer is null)
            return;
        NativeMemory.AlignedFree(_pointer);
        GC.RemoveMemoryPressure(Bytes);
        _pointer = null;
    }
}
