using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>Class scores on their way to a float16 array file <c>[classes, height, width]</c>: a temporary file, since they may exceed memory.</summary>
internal sealed class ScoreFile : IScoreSink, IDisposable
{
    private readonly FileStream _file;
    private readonly int _headerLength, _height, _width;

    public ScoreFile(int classes, int height, int width)
    {
        (_height, _width) = (height, width);
        _file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"sclip-{Guid.NewGuid():n}.npy"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var header = Npy.Header("<f2", classes, height, width);
        _headerLength = header.Length;
        _file.Write(header);
    }

    public void Write(int classIndex, int firstRow, ReadOnlySpan<float> scores)
    {
        var halves = ArrayPool<Half>.Shared.Rent(scores.Length);
        TensorPrimitives.ConvertToHalf(scores, halves);
        _file.Position = _headerLength + ((long)classIndex * _height + firstRow) * _width * sizeof(ushort);
        _file.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, scores.Length)));
        ArrayPool<Half>.Shared.Return(halves);
    }

    public Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        _file.Position = 0;
        return _file.CopyToAsync(target, cancellationToken);
    }

    public void Dispose() => _file.Dispose();
}
