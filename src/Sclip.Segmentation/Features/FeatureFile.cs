using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>
/// The kept features of one picture, <c>NAME.sclf</c>: eight bytes that tell what it is, the header's length (32 bits, little endian), the header as
/// JSON, then of each window each patch's values, and the SHA-256 of all that. Read whole and checked before any value is used.
/// </summary>
public sealed class FeatureFile
{
    private const int LargestHeader = 1 << 16;
    private const int LargestSide = 1 << 20;
    private const int LargestDimension = 1 << 16;

    private readonly ReadOnlyMemory<byte> _values;
    private readonly FeatureEncoding _encoding;

    private FeatureFile(FeatureHeader header, FeatureEncoding encoding, ReadOnlyMemory<byte> values) => (Header, _encoding, _values) = (header, encoding, values);

    /// <summary>What the file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "SCLIPFT\0"u8;

    /// <summary>What the features depend on.</summary>
    public FeatureHeader Header { get; }

    internal static int Preamble => Magic.Length + sizeof(int);

    /// <summary>Bytes of a file of a picture under a header; what a job will keep is told before it begins.</summary>
    public static long SizeOf(FeatureHeader header) =>
        Preamble + JsonSerializer.SerializeToUtf8Bytes(header, FeatureJson.Default.FeatureHeader).Length + (long)BytesOfValues(header) + SHA256.HashSizeInBytes;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FeatureFormatException">It is no such file, damaged, or of a newer version.</exception>
    public static FeatureFile Parse(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < Preamble + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic))
            throw new FeatureFormatException("these are no features (or the file is truncated).");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (length is <= 0 or > LargestHeader || length > bytes.Length - Preamble - SHA256.HashSizeInBytes)
            throw new FeatureFormatException("the features' header is damaged, or the file is truncated.");
        var header = ReadHeader(bytes.Slice(Preamble, length));
        var encoding = FeatureEncodings.Of(header.Encoding)!.Value;
        var values = file[(Preamble + length)..^SHA256.HashSizeInBytes];
        if (BytesOfValues(header) is var expected && values.Length != expected)
            throw new FeatureFormatException($"the features have {values.Length} bytes, and their header tells of {expected}: the file is truncated or damaged.");
        if (!SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
            throw new FeatureFormatException("the features' checksum does not fit: the file is damaged.");
        return new FeatureFile(header, encoding, values);
    }

    /// <summary>Windows of the picture, all of one size.</summary>
    internal static Window[] Windows(FeatureHeader header) => SlidingWindow.Cover(header.ModelHeight, header.ModelWidth, header.Crop, header.Stride);

    /// <summary>Patches of all windows.</summary>
    internal static long Patches(FeatureHeader header) => Windows(header) is var windows ? (long)windows.Length * header.Cut.Along(windows[0].Height) * header.Cut.Along(windows[0].Width) : 0;

    /// <summary>Bytes between header and checksum.</summary>
    private static Int128 BytesOfValues(FeatureHeader header)
    {
        var encoding = FeatureEncodings.Of(header.Encoding)!.Value;
        return FeatureEncodings.BytesOfCentre(encoding, header.Dimension) + (Int128)Patches(header) * FeatureEncodings.BytesOfPatch(encoding, header.Dimension);
    }

    /// <summary>Reads patches from the given one on, as many as fit, as floats <c>[patches, dimension]</c>.</summary>
    internal unsafe void Read(long firstPatch, Span<float> features)
    {
        var (dimension, stride) = (Header.Dimension, FeatureEncodings.BytesOfPatch(_encoding, Header.Dimension));
        ArgumentOutOfRangeException.ThrowIfNegative(firstPatch);
        var centre = MemoryMarshal.Cast<byte, float>(_values.Span[..FeatureEncodings.BytesOfCentre(_encoding, dimension)]);
        var values = _values.Span[(centre.Length * sizeof(float))..];
        ArgumentOutOfRangeException.ThrowIfGreaterThan((firstPatch + features.Length / dimension) * stride, values.Length, nameof(firstPatch));
        fixed (byte* start = values)
        fixed (float* target = features)
        {
            var source = start + firstPatch * stride;
            if (_encoding == FeatureEncoding.Float16)
                Widening.Half((ushort*)source, target, features.Length);
            else
                for (var first = 0; first < features.Length; first += dimension, source += stride)
                {
                    Widening.Bytes((sbyte*)source + sizeof(float), BinaryPrimitives.ReadSingleLittleEndian(new ReadOnlySpan<byte>(source, sizeof(float))), target + first, dimension);
                    var feature = features.Slice(first, dimension);
                    TensorPrimitives.Add(feature, centre, feature);
                }
        }
    }

    private static FeatureHeader ReadHeader(ReadOnlySpan<byte> json)
    {
        FeatureHeader? header;
        try
        {
            header = JsonSerializer.Deserialize(json, FeatureJson.Default.FeatureHeader);
        }
        catch (JsonException error)
        {
            throw new FeatureFormatException("the features' header cannot be read.", error);
        }
        if (header is not { Version: >= 1 })
            throw new FeatureFormatException("the features' header cannot be read.");
        if (header.Version > FeatureHeader.CurrentVersion)
            throw new FeatureFormatException($"the features are of version {header.Version}, and this program reads up to {FeatureHeader.CurrentVersion}.");
        if (header is { Version: 1, Encoding: "int8" })
            throw new FeatureFormatException("the features are int8 of version 1, which this program does not read any more; keep them anew.");
        if (!AreSides(header.Width, header.Height, header.ModelWidth, header.ModelHeight) || header.Dimension is < 1 or > LargestDimension || header.Patch is < 1 or > LargestSide || header.PatchStride < 1 || header.PatchStride > header.Patch || header.Padding is < 1 or > LargestSide
            || header.Crop is < 0 or > LargestSide || (header.Crop > 0 && header.Stride < 1) || FeatureEncodings.Of(header.Encoding) is null
            || (header.Crop > 0 && (long)(header.ModelHeight / header.Stride + 1) * (header.ModelWidth / header.Stride + 1) > LargestSide)
            || Patches(header) == 0)
            throw new FeatureFormatException("the features' header holds values that cannot be.");
        return header;
    }

    private static bool AreSides(params ReadOnlySpan<int> sides)
    {
        foreach (var side in sides)
            if (side is < 1 or > LargestSide)
                return false;
        return true;
    }
}
