using System.IO.MemoryMappedFiles;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation;

/// <summary>The values of a tensor where its file holds them, mapped while this is open; as they are read they become fp32, and are checked to be finite.</summary>
internal sealed unsafe class StoredRows : IDisposable
{
    private readonly string _type, _path, _name;
    private readonly int _columns;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _bytes;
    private readonly long _length;

    /// <summary>Maps a tensor. Types that no weight may have are refused before memory is taken: whether those fill their bytes is not known.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="offset">Bytes before it there.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="type">What it is stored in: F32, F16 or BF16.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="name">The tensor, for errors.</param>
    public StoredRows(MemoryMappedFile file, long offset, long bytes, string type, int columns, string path, string name)
    {
        if (SafeTensorHeader.BytesOf(type) == 0)
            throw new ModelFormatException($"{path}: tensors of type {type} are not supported; F32, F16 and BF16 are.");
        (_type, _path, _name, _columns, _length) = (type, path, name, columns, bytes);
        if (bytes == 0)
            return;
        _view = file.CreateViewAccessor(offset, bytes, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
    }

    /// <summary>Reads whole rows, as many as fit, from <paramref name="first"/> on.</summary>
    /// <exception cref="ModelFormatException">A value is no finite number.</exception>
    public void Read(long first, Span<float> values)
    {
        if (values.Length == 0)
            return;
        var size = SafeTensorHeader.BytesOf(_type);
        var start = first * _columns * size;
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + (long)values.Length * size, _length, nameof(first));
        var source = _bytes + start;
        fixed (float* target = values)
        {
            switch (_type)
            {
                case "F16": Widening.Half((ushort*)source, target, values.Length); break;
                case "BF16": Widening.BFloat16((ushort*)source, target, values.Length); break;
                default: new ReadOnlySpan<float>(source, values.Length).CopyTo(values); break;
            }
            if (!Widening.AreFinite(target, values.Length))
                throw new ModelFormatException($"{_path}: {_name} holds values that are no finite numbers; the weights are corrupt.");
        }
    }

    public void Dispose()
    {
        if (_view is null)
            return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
