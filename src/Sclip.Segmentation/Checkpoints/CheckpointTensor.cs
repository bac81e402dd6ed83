using System.IO.MemoryMappedFiles;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>A tensor of a checkpoint, all of whose values are known to lie within its storage.</summary>
internal sealed unsafe class CheckpointTensor
{
    private const int ChunkBytes = 1 << 20, RunsBetweenLooks = 1 << 12;
    private readonly MemoryMappedFile _file;
    private readonly PickleTensor _tensor;
    private readonly long _start, _extent, _count;

    /// <param name="path">The checkpoint, for messages.</param>
    /// <param name="file">The checkpoint.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="tensor">The view that it is.</param>
    /// <param name="entry">Where the storage lies.</param>
    /// <exception cref="ModelFormatException">It reaches beyond its storage, or that beyond its entry.</exception>
    public CheckpointTensor(string path, MemoryMappedFile file, string name, PickleTensor tensor, ZipEntry entry)
    {
        var storage = tensor.Storage;
        if (storage.Count > entry.Length / storage.Bytes)
            throw new ModelFormatException($"{path}: the storage of {name.Shown()} claims {storage.Count} values of {storage.Type}, and {entry.Length} bytes are there; the file is damaged: download it again.");
        // Axes are below 2^31 and strides below 2^63, at most eight of each: no sum of their products leaves 128 bits.
        var (extent, count) = (Int128.One, Int128.One);
        for (var i = 0; i < tensor.Shape.Length; i++)
        {
            extent += (Int128)Math.Max(tensor.Shape[i] - 1, 0) * tensor.Strides[i];
            count = Int128.Min(count * tensor.Shape[i], long.MaxValue);
        }
        if (tensor.Shape.Contains(0))
            (extent, count) = (0, 0);
        if (tensor.Offset + extent > storage.Count)
            throw new ModelFormatException($"{path}: {name.Shown()} of shape [{string.Join(", ", tensor.Shape)}] reaches beyond the {storage.Count} values of its storage; the file is damaged: download it again.");
        // Else a few stored values could be stretched to fill any disk.
        if (count > extent)
            throw new ModelFormatException($"{path}: {name.Shown()} of shape [{string.Join(", ", tensor.Shape)}] repeats its {extent} stored values (expand); save it with .contiguous().");
        (Name, Type, ValueBytes) = (name, storage.Type, storage.Bytes);
        (_file, _tensor, _extent, _count) = (file, tensor, (long)extent, (long)count);
        _start = entry.Offset + tensor.Offset * storage.Bytes;
    }

    public string Name { get; }

    /// <summary>As safetensors calls it.</summary>
    public string Type { get; }

    public int ValueBytes { get; }

    public int[] Shape => _tensor.Shape;

    public long Bytes => _count * ValueBytes;

    /// <summary>Writes the values in the order of their indices, however they are strided; the file is mapped, not read.</summary>
    public void CopyTo(Stream output, CancellationToken cancellationToken)
    {
        if (_count == 0)
            return;
        using var view = _file.CreateViewAccessor(_start, _extent * ValueBytes, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        try
        {
            Copy(pointer + view.PointerOffset, output, cancellationToken);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private void Copy(byte* values, Stream output, CancellationToken cancellationToken)
    {
        var (outer, run) = Runs();
        var index = new int[outer];
        var at = 0L;
        for (var runs = 0L; ; runs++)
        {
            if (runs % RunsBetweenLooks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            for (var done = 0L; done < run * ValueBytes;)
            {
                var bytes = (int)Math.Min(ChunkBytes, run * ValueBytes - done);
                output.Write(new ReadOnlySpan<byte>(values + at * ValueBytes + done, bytes));
                done += bytes;
                if (bytes == ChunkBytes)
                    cancellationToken.ThrowIfCancellationRequested();
            }
            var axis = outer - 1;
            for (; axis >= 0 && ++index[axis] == Shape[axis]; axis--)
            {
                at -= (Shape[axis] - 1) * _tensor.Strides[axis];
                index[axis] = 0;
            }
            if (axis < 0)
                return;
            at += _tensor.Strides[axis];
        }
    }

    /// <summary>The number of axes to step through, and the values that lie side by side at each step: those of the axes after.</summary>
    private (int Outer, long Run) Runs()
    {
        var (outer, run) = (Shape.Length, 1L);
        while (outer > 0 && (Shape[outer - 1] == 1 || _tensor.Strides[outer - 1] == run))
            run *= Shape[--outer];
        return (outer, run);
    }
}
