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

    private static (T[] Values, int[] Shape) Read<T>(string path, string expected)
        where T : unmanaged
    {
        var file = File.ReadAllBytes(path);
        if (file.Length < PrefixLength || !file.AsSpan(0, Magic.Length).SequenceEqual(Magic) || file[6] != 1)
            throw new InvalidDataException($"{path}: not a NumPy array file of version 1.");
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var start = PrefixLength + headerLength;
        if (file.Length < start)
            throw new InvalidDataException($"{path}: the header is cut off.");
        var match = HeaderPattern().Match(Encoding.ASCII.GetString(file, PrefixLength, headerLength));
        if (!match.Success)
            throw new InvalidDataException($"{path}: the header cannot be read.");
        if (match.Groups["descr"].Value != expected || match.Groups["order"].Value != "False")
            throw new InvalidDataException($"{path}: holds '{match.Groups["descr"].Value}', expected '{expected}' in C order.");
        var lengths = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var shape = new int[lengths.Length];
        for (var i = 0; i < lengths.Length; i++)
            if (!int.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
                throw new InvalidDataException($"{path}: '{lengths[i]}' cannot be the length of an axis.");
        var count = shape.Aggregate(BigInteger.One, (product, length) => product * length);
        var values = MemoryMarshal.Cast<byte, T>(file.AsSpan(start));
        if (values.Length != count)
            throw new InvalidDataException($"{path}: the shape asks for {count} values, the file holds {values.Length}.");
        return (values.ToArray(), shape);
    }

    [GeneratedRegex(@"'descr': '(?<descr>[^']+)', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[\d, ]*)\)")]
    private static partial Regex HeaderPattern();
}
