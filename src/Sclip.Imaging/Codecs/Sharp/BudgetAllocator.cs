using System.Buffers;
using System.Runtime.CompilerServices;
using SixLabors.ImageSharp.Memory;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>Memory for one decoding: all of it together stays below a budget, whatever a damaged file asks for. Nothing is kept afterwards.</summary>
/// <param name="budget">Bytes at most.</param>
internal sealed class BudgetAllocator(long budget) : MemoryAllocator
{
    private const int BlockBytes = 64 << 20;
    private long _left = budget;

    public override IMemoryOwner<T> Allocate<T>(int length, AllocationOptions options = AllocationOptions.None)
    {
        var bytes = length < 0 ? throw new InvalidMemoryOperationException("a negative length.") : (long)length * Unsafe.SizeOf<T>();
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return new Owner<T>(this, new T[length], bytes);
        Interlocked.Add(ref _left, bytes);
        throw new InvalidMemoryOperationException("more memory than its size needs.");
    }

    protected override int GetBufferCapacityInBytes() => BlockBytes;

    private sealed class Owner<T>(BudgetAllocator allocator, T[] array, long bytes) : IMemoryOwner<T>
    {
        private int _isDisposed;

        public Memory<T> Memory => array;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Add(ref allocator._left, bytes);
        }
    }
}
