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

    /// <summary>Gives the pixels inside a label: those that are at least half opaque, which is what the fourth channel tells.</summary>
    /// <param name="map">The picture.</param>
    /// <param name="bytes">The packed brush.</param>
    /// <param name="label">The label.</param>
    /// <returns>What is wrong with the brush, as it goes on behind its name; null where nothing is.</returns>
    public static string? Paint(LabelMap map, ReadOnlySpan<byte> bytes, ushort label)
    {
        var bits = new BitReader(bytes);
        var values = (long)map.Labels.Length * Channels;
        if (bits.Read(32) is var told && told != values)
            return $"has {told} values, where {map.Width} x {map.Height} pixels have {values}";
        var valueBits = (int)bits.Read(5) + 1;
        Span<int> sizes = stackalloc int[4];
        foreach (ref var size in sizes)
            size = (int)bits.Read(4) + 1;
        var labels = map.Labels.AsSpan();
        for (long i = 0, end; i < values; i = end)
        {
            var repeats = bits.Read(1) == 1;
            end = i + 1 + bits.Read(sizes[(int)bits.Read(2)]);
            if (end > values)
                return "has a run beyond the last pixel";
            if (bits.IsBeyond)
                return "breaks off before its end";
            if (repeats)
            {
                // The pixels whose fourth value is among those of the run.
                if (IsInside(bits.Read(valueBits)))
                    labels[(int)(i / Channels)..(int)(end / Channels)].Fill(label);
            }
            else
                for (; i < end; i++)
                    if (IsInside(bits.Read(valueBits)) && i % Channels == Channels - 1)
                        labels[(int)(i / Channels)] = label;
        }
        return bits.IsBeyond ? "breaks off before its end" : null;
    }

    private static bool IsInside(uint value) => (byte)value > byte.MaxValue / 2;

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

    /// <summary>Reads bits, the highest of each number first; zeros beyond the end.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private ulong _pending;
        private int _count, _next;

        /// <summary>Whether more was read than there is.</summary>
        public readonly bool IsBeyond => _next > _bytes.Length;

        public uint Read(int bits)
        {
            for (; _count < bits; _count += 8)
            {
                _pending = _pending << 8 | (_next < _bytes.Length ? _bytes[_next] : 0u);
                _next++;
            }
            _count -= bits;
            return (uint)(_pending >> _count & (1UL << bits) - 1);
        }
    }
}
