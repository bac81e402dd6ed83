using System.Buffers.Binary;
using System.Text;

namespace Sclip.Testing;

/// <summary>Writes a pickle, instruction by instruction.</summary>
public sealed class FakePickle
{
    private readonly List<byte> _bytes = [0x80, 2];

    public byte[] End() => [.. _bytes, (byte)'.'];

    public FakePickle Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public FakePickle Text(string text)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(text));
        return Raw((byte)'X').Raw(length).Raw(Encoding.UTF8.GetBytes(text));
    }

    public FakePickle Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Raw(0x8a, 8).Raw(bytes);
    }

    public FakePickle Name(string module, string name) => Raw((byte)'c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public FakePickle Numbers(params ReadOnlySpan<long> numbers)
    {
        Raw((byte)'(');
        foreach (var number in numbers)
            Number(number);
        return Raw((byte)'t');
    }

    /// <summary>A tensor of floats in a storage of its own.</summary>
    public FakePickle Tensor(string key, long stored, long offset, long[] shape, long[] strides) => Name("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(')
        .Raw((byte)'(').Text("storage").Name("torch", "FloatStorage").Text(key).Text("cpu").Number(stored).Raw((byte)'t', (byte)'Q')
        .Number(offset).Numbers(shape).Numbers(strides).Raw(0x89).Name("collections", "OrderedDict").Raw((byte)')', (byte)'R', (byte)'t', (byte)'R');
}
