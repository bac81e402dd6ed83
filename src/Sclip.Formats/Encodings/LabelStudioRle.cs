using Sclip.Labels;

namespace Sclip.Formats.Encodings;

/// <summary>
/// Label Studio's packing of a brush: the four channels of each pixel, row by row, as a stream of bits. First the number of values (32 bits),
/// the bits of a value less one (5), and four sizes of run lengths less one (4 each); then runs: a 1 for one that repeats its value, which of
/// the sizes (2 bits), the length less one in so many bits, the value.
/// </summary>
internal static class LabelStudioRle
{
    private const int Channels = 4, ValueBits = 8, LongestRun = 1 << 16;

    private static ReadOnlySpan<byte> Sizes => [3, 4, 8, 16];

    /// <summary>Packs the pixels that have a class.</summary>
    /// <exception cref="PictureException">The picture has more pixels than the packing can count.</exception>
    public static byte[] Encode(LabelMap map, ushort label)
    {
        var values = (long)map.Labels.Length * Channels;
        if (values > uint.MaxValue)
            throw new PictureException($"{map.Width} x {map.Height} pixels are too many for Label Studio's masks.");
        var bits = new BitWriter();
        bits.Write((uint)values, 32);
        bits.Write(ValueBits - 1, 5);
        foreach (var size in Sizes)
            bits.Write(size - 1u, 4);
        var labels = map.Labels.AsSpan();
        for (int i = 0, end; i < labels.Length; i = end)
        {
            var inside = labels[i] == label;
            var length = inside ? labels[i..].IndexOfAnyExcept(label) : labels[i..].IndexOf(label);
            end = length < 0 ? labels.Length : i + length;
            for (var left = (long)(end - i) * Channels; left > 0;)
            {
                var run = (uint)Math.Min(left, LongestRun);
                Write(bits, run, inside ? 255u : 0u);
                left -= run;
            }
        }
        return bits.ToArray();
    }

    private static void Write(BitWriter bits, uint length, uint value)
    {
        var size = 0u;
        while (length - 1 >> Sizes[(int)size] != 0)
            size++;
        bits.Write(1, 1);
        bits.Write(size, 2);
        bits.Write(length - 1, Sizes[(int)size]);
        bits.Write(value, ValueBits);
    }

    /// <summary>Bits, the highest of each number first.</summary>
    private sealed class BitWriter
    {
        private readonly List<byte> _bytes = [];
        private ulong _pending;
        private int _count;

        public void Write(uint value, int bits)
        {
            _pending = _pending << bits | value;
            for (_count += bits; _count >= 8; _count -= 8)
                _bytes.Add((byte)(_pending >> (_count - 8)));
        }

        public byte[] ToArray() => _count == 0 ? [.. _bytes] : [.. _bytes, (byte)(_pending << (8 - _count))];
    }
}
