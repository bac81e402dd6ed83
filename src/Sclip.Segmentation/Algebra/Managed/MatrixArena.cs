using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>The memory of a thread's matrices: what a scope let go of is given out again, so that a method that has run once allocates nothing more.</summary>
internal sealed unsafe class MatrixArena : IDisposable
{
    private readonly List<NativeBuffer> _free = [];
    private readonly Stack<NativeBuffer> _used = [];

    /// <summary>Memory for so many floats, till the scope ends; not cleared.</summary>
    public float* Take(long length)
    {
        var best = -1;
        for (var i = 0; i < _free.Count; i++)
            if (_free[i].Length >= length && (best < 0 || _free[i].Length < _free[best].Length))
                best = i;
        NativeBuffer buffer;
        if (best >= 0 && _free[best].Length <= 2 * length + 4096)
        {
            buffer = _free[best];
            _free.RemoveAt(best);
        }
        else
        {
            buffer = new NativeBuffer(length);
        }
        _used.Push(buffer);
        return buffer.Pointer;
    }

    /// <summary>Begins a scope.</summary>
    public IDisposable Scope() => new OpenScope(this, _used.Count);

    public void Dispose()
    {
        foreach (var buffer in (IEnumerable<NativeBuffer>)[.. _free, .. _used])
            buffer.Dispose();
        _free.Clear();
        _used.Clear();
    }

    private sealed class OpenScope(MatrixArena arena, int used) : IDisposable
    {
        public void Dispose()
        {
            while (arena._used.Count > used)
                arena._free.Add(arena._used.Pop());
        }
    }
}
