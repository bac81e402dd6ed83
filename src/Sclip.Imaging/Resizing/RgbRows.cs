using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sclip.Imaging.Resizing;

/// <summary>The two steps of bilinear resizing, on rows of interleaved RGB. Vectors and scalars give the same bits.</summary>
internal static class RgbRows
{
    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;

    /// <summary>Brings a row to another width.</summary>
    /// <param name="source">Source row, <c>[source width, 3]</c>.</param>
    /// <param name="taps">Offsets into it, <c>[target width]</c>, ascending.</param>
    /// <param name="target"><c>[target width, 3]</c>, and one float more, whose content is of no account.</param>
    public static void Across(ReadOnlySpan<byte> source, ReadOnlySpan<Tap> taps, Span<float> target)
    {
        var x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // Channels are loaded as they lie, since vectors along the row would need gathers: the fourth lane reads a byte too many, and
            // writes what the next pixel writes over.
            for (; x < taps.Length && taps[x].Second <= source.Length - Vector128<float>.Count; x++)
            {
                var first = Load(source, taps[x].First);
                (first + (Load(source, taps[x].Second) - first) * taps[x].Share).CopyTo(target[(x * Channels)..]);
            }
        }
        AcrossScalar(source, taps, target, x);
    }

    /// <summary>As <see cref="Across"/>, from a pixel on and one number at a time.</summary>
    public static void AcrossScalar(ReadOnlySpan<byte> source, ReadOnlySpan<Tap> taps, Span<float> target, int from = 0)
    {
        for (var x = from; x < taps.Length; x++)
            for (var channel = 0; channel < Channels; channel++)
            {
                float first = source[taps[x].First + channel], second = source[taps[x].Second + channel];
                target[x * Channels + channel] = first + (second - first) * taps[x].Share;
            }
    }

    /// <summary>Blends two rows, and rounds to 8 bits.</summary>
    /// <param name="upper">The row above, at least as long as <paramref name="target"/>, 0 to 255.</param>
    /// <param name="lower">The row below, likewise.</param>
    /// <param name="share">Share of the row below.</param>
    /// <param name="target">The target row.</param>
    public static void Down(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share, Span<byte> target)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= target.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var low = Vector128.Narrow(Blend(upper[i..], lower[i..], share), Blend(upper[(i + 4)..], lower[(i + 4)..], share));
                var high = Vector128.Narrow(Blend(upper[(i + 8)..], lower[(i + 8)..], share), Blend(upper[(i + 12)..], lower[(i + 12)..], share));
                Vector128.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(target[i..]);
            }
        }
        DownScalar(upper, lower, share, target, i);
    }

    /// <summary>As <see cref="Down"/>, from a position on and one number at a time.</summary>
    public static void DownScalar(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share, Span<byte> target, int from = 0)
    {
        for (var i = from; i < target.Length; i++)
            target[i] = (byte)(upper[i] + (lower[i] - upper[i]) * share + 0.5f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Blend(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float share)
    {
        var above = Vector128.Create(upper);
        return Vector128.ConvertToInt32Native(above + (Vector128.Create(lower) - above) * share + Vector128.Create(0.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(ReadOnlySpan<byte> source, int offset)
    {
        var bytes = Vector128.CreateScalarUnsafe(MemoryMarshal.Read<uint>(source[offset..])).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }
}
