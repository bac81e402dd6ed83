namespace Sclip.Formats.Tests.Readers;

/// <summary>Label Studio's brushes.</summary>
internal static class LabelStudio
{
    /// <summary>The values of a packed brush.</summary>
    public static byte[] Unpack(IReadOnlyList<byte> bytes)
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
