using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>Makes the file of one picture's features while they are computed: header, values, checksum.</summary>
public sealed class FeatureWriter : IFeatureSink
{
    private readonly byte[] _header;
    private readonly int _length;
    private readonly FeatureEncoding _encoding;
    private readonly int _dimension, _start, _patches;
    private readonly bool[] _written;

    // Made with the first window: of a group of pictures those that wait take no memory. Bytes are made of all features, whose mean they are off: until then
    // halves are held, which lose a hundredth of what bytes do.
    private byte[]? _bytes;
    private Half[]? _features;

    /// <param name="header">What the features depend on, and the picture's size.</param>
    public FeatureWriter(FeatureHeader header)
    {
        _header = JsonSerializer.SerializeToUtf8Bytes(header, FeatureJson.Default.FeatureHeader);
        (_encoding, _dimension) = (FeatureEncodings.Of(header.Encoding) ?? throw new ArgumentException($"There is no encoding {header.Encoding}.", nameof(header)), header.Dimension);
        _written = new bool[FeatureFile.Windows(header).Length];
        _start = FeatureFile.Preamble + _header.Length;
        _patches = checked((int)FeatureFile.Patches(header));
        _length = checked((int)FeatureFile.SizeOf(header));
    }

    /// <inheritdoc />
    /// <exception cref="SegmentationException">A value is no finite number.</exception>
    public void Write(int window, int gridHeight, int gridWidth, ReadOnlySpan<float> features)
    {
        if (!TensorPrimitives.IsFiniteAll(features))
            throw new SegmentationException("The picture's features hold values that are no finite numbers; the model's weights are corrupt.");
        _bytes ??= Begin();
        var first = window * gridHeight * gridWidth * _dimension;
        var halves = _encoding == FeatureEncoding.Float16 ? MemoryMarshal.Cast<byte, Half>(_bytes.AsSpan(_start)) : _features ??= new Half[_patches * _dimension];
        TensorPrimitives.ConvertToHalf(features, halves.Slice(first, features.Length));
        _written[window] = true;
    }

    /// <summary>The file, once all windows were written.</summary>
    /// <exception cref="InvalidOperationException">Windows are missing.</exception>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_bytes is null || _written.Contains(false))
            throw new InvalidOperationException($"{_written.Count(written => written)} of {_written.Length} windows were written.");
        if (_features is not null)
            Quantise(_features);
        _features = null;
        var end = _bytes.Length - SHA256.HashSizeInBytes;
        SHA256.HashData(_bytes.AsSpan(0, end), _bytes.AsSpan(end));
        return _bytes;
    }

    private byte[] Begin()
    {
        var bytes = new byte[_length];
        FeatureFile.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FeatureFile.Magic.Length), _header.Length);
        _header.CopyTo(bytes, FeatureFile.Preamble);
        return bytes;
    }

    /// <summary>
    /// The mean of all features, then for each what it is off that. Features of one picture have most in common, with a few dimensions far larger than the others:
    /// what is left has a smaller largest value, and so finer steps.
    /// </summary>
    private void Quantise(Half[] features)
    {
        var feature = new float[_dimension];
        var centre = MemoryMarshal.Cast<byte, float>(_bytes.AsSpan(_start, FeatureEncodings.BytesOfCentre(_encoding, _dimension)));
        for (var patch = 0; patch < _patches; patch++)
        {
            TensorPrimitives.ConvertToSingle(features.AsSpan(patch * _dimension, _dimension), feature);
            TensorPrimitives.Add(centre, feature, centre);
        }
        TensorPrimitives.Divide(centre, _patches, centre);
        var (start, bytes) = (_start + centre.Length * sizeof(float), FeatureEncodings.BytesOfPatch(_encoding, _dimension));
        for (var patch = 0; patch < _patches; patch++)
        {
            TensorPrimitives.ConvertToSingle(features.AsSpan(patch * _dimension, _dimension), feature);
            TensorPrimitives.Subtract(feature, centre, feature);
            Quantise(feature, _bytes.AsSpan(start + patch * bytes, bytes));
        }
    }

    /// <summary>A scale, by which the largest value becomes 127, and the values rounded to whole multiples of it.</summary>
    private static void Quantise(ReadOnlySpan<float> feature, Span<byte> target)
    {
        var scale = TensorPrimitives.MaxMagnitude(feature) is var largest && MathF.Abs(largest) > 0 ? MathF.Abs(largest) / sbyte.MaxValue : 1;
        BinaryPrimitives.WriteSingleLittleEndian(target, scale);
        for (var i = 0; i < feature.Length; i++)
            target[sizeof(float) + i] = (byte)(sbyte)MathF.Round(feature[i] / scale);
    }
}
