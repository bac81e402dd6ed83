using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>
/// What enters the last block, <c>[R, W]</c> of each forward pass in turn, kept for further methods over the same passes: all before that block
/// is the same for each.
/// </summary>
internal sealed unsafe class SharedTrunk : IDisposable
{
    private readonly List<NativeBuffer> _passes = [];
    private int _next;

    /// <summary>The passes begin anew.</summary>
    public void Rewind() => _next = 0;

    /// <summary>Fills x with what was kept of the next pass; false where it is to be computed, and kept.</summary>
    public bool TryTake(float* x, long length)
    {
        if (_next == _passes.Count)
            return false;
        Copy(_passes[_next++].Pointer, x, length);
        return true;
    }

    /// <summary>Keeps the pass that <see cref="TryTake"/> did not have.</summary>
    public void Keep(float* x, long length)
    {
        var pass = new NativeBuffer(length);
        _passes.Add(pass);
        _next++;
        Copy(x, pass.Pointer, length);
    }

    public void Dispose()
    {
        foreach (var pass in _passes)
            pass.Dispose();
    }

    private static void Copy(float* source, float* target, long length) => Buffer.MemoryCopy(source, target, length * sizeof(float), length * sizeof(float));
}
