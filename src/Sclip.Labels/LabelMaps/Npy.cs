using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>NumPy's array file, version 1: little-endian values in C order.</summary>
public static partial class Npy
{
    private const int PrefixLength = 10;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The header of an array file, padded so that the values start at a multiple of 64 bytes.</summary>
    /// <param name="descr">NumPy's type, for example <c>&lt;f2</c>, <c>&lt;f4</c>, <c>|u1</c>.</param>
    /// <param name="shape">The lengths of the axes.</param>
    public static byte[] Header(string descr, params ReadOnlySpan<long> shape)
    {
        var lengths = new StringBuilder();
        foreach (var length in shape)
            lengths.Append(CultureInfo.InvariantCulture, $"{length}, ");
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({lengths.ToString().TrimEnd(shape.Length == 1 ? ' ' : ',', ' ')}), }}";
        var total = (PrefixLength + text.Length + 1 + 63) / 64 * 64;
        var header = new byte[total];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - PrefixLength));
        Encoding.ASCII.GetBytes(text, header.AsSpan(PrefixLength));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>Reads an array of 32-bit floats.</summary>
    /// <exception cref="InvalidDataException">The file is not such an array.</exception>
    public static (float[] Values, int[] Shape) ReadSingle(string path) => Read<float>(path, "<f4");

    /// <summary>Reads an array of bytes.</summary>
    /// <exception cref="InvalidDataException">The file is not such an array.</exception>
    public static (byte[] Values, int[] Shape) ReadByte(string path) => Read<byte>(path, "|u1");

    /// <summary>Reads an array of whole numbers of 8 to 64 bits, with a sign or without.</summary>
    /// <param name="file">The file's content.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="most">How many values it may have.</param>
    /// <exception cref="InvalidDataException">The file is not such an array, or has more values.</exception>
    public static (long[] Values, int[] Shape) ReadWhole(byte[] file, string path, long most)
    {
        var (descr, shape, values) = Parse(file, path);
        if (Count(shape) > most)
            throw new InvalidDataException($"{path}: an array of {string.Join(" x ", shape)} values, more than the limit of {most}.");
        return (descr switch
        {
            "|u1" => Whole<byte>(values, shape, path),
            "|i1" => Whole<sbyte>(values, shape, path),
            "<u2" => Whole<ushort>(values, shape, path),
            "<i2" => Whole<short>(values, shape, path),
            "<u4" => Whole<uint>(values, shape, path),
            "<i4" => Whole<int>(values, shape, path),
            "<u8" => Whole<ulong>(values, shape, path),
            "<i8" => Whole<long>(values, shape, path),
            _ => throw new InvalidDataException($"{path}: holds '{descr}', which are no whole numbers that are read. Save it with .astype('uint8')."),
        }, shape);
    }

    private static (T[] Values, int[] Shape) Read<T>(string path, string expected)
        where T : unmanaged
    {
        var (descr, shape, values) = Parse(File.ReadAllBytes(path), path);
        return descr == expected ? (Values<T>(values.Span, shape, path).ToArray(), shape) : throw new InvalidDataException($"{path}: holds '{descr}', expected '{expected}' in C order.");
    }

    private static (string Descr, int[] Shape, ReadOnlyMemory<byte> Values) Parse(byte[] file, string path)
    {
        if (file.Length < PrefixLength || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic) || file[6] != 1)
            throw new InvalidDataException($"{path}: not a NumPy array file of version 1.");
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var start = PrefixLength + headerLength;
        if (file.Length < start)
            throw new InvalidDataException($"{path}: the header is cut off.");
        var match = HeaderPattern().Match(Encoding.ASCII.GetString(file, PrefixLength, headerLength));
        if (!match.Success)
            throw new InvalidDataException($"{path}: the header cannot be read.");
        if (match.Groups["order"].Value != "False")
            throw new InvalidDataException($"{path}: holds '{match.Groups["descr"].Value}' in Fortran's order, expected C order (numpy.ascontiguousarray).");
        var lengths = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new int[lengths.Length];
        for (var i = 0; i < lengths.Length; i++)
            if (!int.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
                throw new InvalidDataException($"{path}: '{lengths[i]}' cannot be the length of an axis.");
        return (match.Groups["descr"].Value, shape, file.AsMemory(start));
    }

    private static ReadOnlySpan<T> Values<T>(ReadOnlySpan<byte> bytes, int[] shape, string path)
        where T : unmanaged
    {
        var count = Count(shape);
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        return values.Length == count ? values : throw new InvalidDataException($"{path}: the shape asks for {count} values, the file holds {values.Length}.");
    }

    private static BigInteger Count(int[] shape) => shape.Aggregate(BigInteger.One, (product, length) => product * length);

    /// <summary>The values; those beyond 64 bits with a sign are its greatest.</summary>
    private static long[] Whole<T>(ReadOnlyMemory<byte> bytes, int[] shape, string path)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = Values<T>(bytes.Span, shape, path);
        var whole = GC.AllocateUninitializedArray<long>(values.Length);
        for (var i = 0; i < whole.Length; i++)
            whole[i] = long.CreateSaturating(values[i]);
        return whole;
    }

    [GeneratedRegex(@"'descr': '(?<descr>[^']+)', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[\d, ]*)\)")]
    private static partial Regex HeaderPattern();
}
