using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>
/// The memory of a thread's matrices: what a scope let go of is given out again, so that a method that has run once allocates nothing more. What the last
/// outermost scope had no use for is freed, so that pictures of many sizes do not add up.
/// </summary>
internal sealed unsafe class MatrixArena : IDisposable
{
    private readonly List<(NativeBuffer Buffer, long LastUse)> _free = [];
    private readonly Stack<NativeBuffer> _used = [];
    private int _depth;

    // Outermost scopes that have ended.
    private long _ended;

    /// <summary>Floats that it holds, used and free.</summary>
    public long Length => _used.Sum(buffer => buffer.Length) + _free.Sum(free => free.Buffer.Length);

    /// <summary>Memory for so many floats, till the scope ends; not cleared.</summary>
    public float* Take(long length)
    {
        var best = -1;
        for (var i = 0; i < _free.Count; i++)
            if (LengthOf(i) >= length && (best < 0 || LengthOf(i) < LengthOf(best)))
                best = i;
        if (best >= 0 && LengthOf(best) <= 2 * length + 4096)
        {
            _used.Push(_free[best].Buffer);
            _free.RemoveAt(best);
        }
        else
        {
            FreeLargestBelow(length);
            _used.Push(new NativeBuffer(length));
        }
        return _used.Peek().Pointer;
    }

    /// <summary>Begins a scope.</summary>
    public IDisposable Scope()
    {
        _depth++;
        return new OpenScope(this, _used.Count);
    }

    public void Dispose()
    {
        foreach (var buffer in (IEnumerable<NativeBuffer>)[.. _free.Select(free => free.Buffer), .. _used])
            buffer.Dispose();
        _free.Clear();
        _used.Clear();
    }

    private long LengthOf(int free) => _free[free].Buffer.Length;

    /// <summary>Makes way for a buffer that takes its place.</summary>
    private void FreeLargestBelow(long length)
    {
        var largest = -1;
        for (var i = 0; i < _free.Count; i++)
            if (LengthOf(i) < length && (largest < 0 || LengthOf(i) > LengthOf(largest)))
                largest = i;
        if (largest >= 0)
            Free(largest);
    }

    private void Free(int index)
    {
        _free[index].Buffer.Dispose();
        _free.RemoveAt(index);
    }

    private void End(int used)
    {
        while (_used.Count > used)
            _free.Add((_used.Pop(), _ended));
        if (--_depth > 0)
            return;
        for (var i = _free.Count - 1; i >= 0; i--)
            if (_free[i].LastUse < _ended)
                Free(i);
        _ended++;
    }

    private sealed class OpenScope(MatrixArena arena, int used) : IDisposable
    {
        public void Dispose() => arena.End(used);
    }
}
