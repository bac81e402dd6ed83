using System.Text;
using Sclip.Formats.Regions;

namespace Sclip.Formats.Encodings;

/// <summary>
/// COCO's compressed run lengths: counts of pixels outside and inside in turn, column by column from the upper left corner, the first count
/// outside. From the fourth on a count is written as its difference to the one before the last; each number in groups of 5 bits, the lowest
/// first, a bit that tells whether more follow, as characters from '0' on.
/// </summary>
internal static class CocoRle
{
    /// <summary>The <c>counts</c> of the pixels that have a value.</summary>
    /// <param name="values">Values, <c>[height, width]</c>.</param>
    /// <param name="value">The value of the pixels inside.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="box">Bounds of the pixels inside.</param>
    public static string Encode<T>(ReadOnlySpan<T> values, T value, int width, int height, Box box)
        where T : struct, IEquatable<T>
    {
        var counts = new Counts();
        // A run may go on from the foot of a column to the head of the next.
        long start = 0, end = 0;
        for (var x = box.Left; x < box.Right; x++)
        {
            var column = (long)x * height;
            for (var y = box.Top; y < box.Bottom; y++)
            {
                if (!values[y * width + x].Equals(value))
                    continue;
                if (column + y != end)
                {
                    counts.Add(start, end);
                    start = column + y;
                }
                end = column + y + 1;
            }
        }
        counts.Add(start, end);
        return counts.Finish((long)width * height);
    }

    private sealed class Counts
    {
        private readonly StringBuilder _text = new();
        private long _end, _beforeLast, _last;
        private int _written;

        /// <summary>Adds the count of what is outside before a run, and that of the run.</summary>
        public void Add(long start, long end)
        {
            if (start == end)
                return;
            Write(start - _end);
            Write(end - start);
            _end = end;
        }

        public string Finish(long pixels)
        {
            if (_end < pixels)
                Write(pixels - _end);
            return _text.ToString();
        }

        private void Write(long count)
        {
            var number = _written++ > 2 ? count - _beforeLast : count;
            (_beforeLast, _last) = (_last, count);
            bool more;
            do
            {
                var group = (int)(number & 31);
                number >>= 5;
                // Done once all that is left is copies of the group's highest bit, which is the sign.
                more = number != ((group & 16) != 0 ? -1 : 0);
                _text.Append((char)(group + (more ? 32 : 0) + '0'));
            }
            while (more);
        }
    }
}
