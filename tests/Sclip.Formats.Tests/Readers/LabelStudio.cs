using System.Runtime.InteropServices;

namespace Sclip.Formats.Tests.Readers;

/// <summary>Label Studio's brushes.</summary>
internal static class LabelStudio
{
    /// <summary>The pixels of a packed brush.</summary>
    public static IEnumerable<int> Pixels(IReadOnlyList<byte> bytes)
    {
        // Four channels of the same value: 0 or 255 in each byte of a number.
        var pixels = MemoryMarshal.Cast<byte, uint>(Unpack(bytes)).ToArray();
        Assert.DoesNotContain(pixels, pixel => pixel is not (0 or uint.MaxValue));
        return Enumerable.Range(0, pixels.Length).Where(i => pixels[i] != 0);
    }

    /// <summary>
    /// The picture that an address behind a prefix names: a server has the last value of the query, or the path of an address of the web, where '%' and two digits are a byte, and '+' a
    /// space in a query; '#' ends an address. What is no such address is a name as it stands.
    /// </summary>
    public static string Picture(string address, string prefix)
    {
        var isWeb = address.StartsWith("http", StringComparison.OrdinalIgnoreCase);
        if (!isWeb && !prefix.Contains('?', StringComparison.Ordinal))
            return address[prefix.Length..];
        var parts = address.Split('#')[0].Split('?', 2);
        if (parts.Length == 1)
            return Uri.UnescapeDataString(parts[0])[prefix.Length..];
        var value = parts[1].Split('&')[^1].Split('=', 2)[1];
        return Uri.UnescapeDataString(value.Replace('+', ' '))[prefix.Split('?')[1].Split('&')[^1].Split('=', 2)[1].Length..];
    }

    /// <summary>The values of a packed brush.</summary>
    private static byte[] Unpack(IReadOnlyList<byte> bytes)
    {
        var position = 0;
        int Read(int bits)
        {
            var value = 0;
            for (var i = 0; i < bits; i++, position++)
                value = value << 1 | bytes[position >> 3] >> (7 - (position & 7)) & 1;
            return value;
        }
        var values = new byte[Read(32)];
        var valueBits = Read(5) + 1;
        var sizes = Enumerable.Range(0, 4).Select(_ => Read(4) + 1).ToArray();
        for (var i = 0; i < values.Length;)
        {
            var repeats = Read(1) == 1;
            var end = i + 1 + Read(sizes[Read(2)]);
            if (repeats)
            {
                values.AsSpan(i..end).Fill((byte)Read(valueBits));
                i = end;
            }
            while (i < end)
                values[i++] = (byte)Read(valueBits);
        }
        Assert.Equal(bytes.Count, (position + 7) / 8);
        return values;
    }
}
