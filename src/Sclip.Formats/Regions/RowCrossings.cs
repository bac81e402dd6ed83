namespace Sclip.Formats.Regions;

/// <summary>Where outlines cross rows of pixels: numbers a row, sorted. First the rows that each edge crosses are counted, then it is told where. The buffers are used again.</summary>
internal sealed class RowCrossings
{
    private int[] _ends = [], _values = [];
    private int _top, _rows;

    /// <summary>Starts with rows that nothing crosses.</summary>
    public void Begin(int top, int bottom)
    {
        (_top, _rows) = (top, bottom - top);
        if (_ends.Length <= _rows)
            _ends = new int[Math.Max(_rows + 1, 2 * _ends.Length)];
        _ends.AsSpan(0, _rows + 1).Clear();
    }

    /// <summary>Counts an edge for each of some rows.</summary>
    public void Count(int from, int to)
    {
        _ends[from - _top]++;
        _ends[to - _top]--;
    }

    /// <summary>Makes room for what was counted; <see cref="Add"/> follows, once for each.</summary>
    public void Allot()
    {
        var (edges, start) = (0, 0);
        for (var row = 0; row < _rows; row++)
        {
            edges += _ends[row];
            _ends[row] = start;
            start += edges;
        }
        if (_values.Length < start)
            _values = new int[Math.Max(start, 2 * _values.Length)];
    }

    public void Add(int row, int value) => _values[_ends[row - _top]++] = value;

    /// <summary>What crosses a row, from left to right; the row's place among all is where the one before ended.</summary>
    public ReadOnlySpan<int> Sorted(int row)
    {
        var start = row == _top ? 0 : _ends[row - _top - 1];
        var values = _values.AsSpan(start, _ends[row - _top] - start);
        // Rows have a few, mostly in order.
        if (values.Length > 32)
            values.Sort();
        else
            for (var i = 1; i < values.Length; i++)
            {
                var (value, j) = (values[i], i);
                for (; j > 0 && values[j - 1] > value; j--)
                    values[j] = values[j - 1];
                values[j] = value;
            }
        return values;
    }
}
