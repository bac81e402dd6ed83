using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// Rows of averaged logits for one thread. The last two are kept: of a label map larger than the resized picture, many rows lie between the same two.
/// </summary>
internal sealed unsafe class LogitRows(LogitMap logits) : IDisposable
{
    private readonly NativeBuffer _rows = new(2L * logits.RowLength), _mixed = new(logits.LongestGridRow);

    // Which row stands in which half.
    private readonly int[] _held = [-1, -1];

    /// <summary>target <c>[Width, Stride]</c> = the row of the label map that lies as the tap says, as wide as the resized picture.</summary>
    public void Mix(Tap tap, float* target)
    {
        // What holds the one is not to be overwritten by the other.
        var half = _held[0] == tap.Second || _held[1] == tap.First ? 1 : 0;
        float* first = Get(tap.First, half), second = tap.Second == tap.First ? first : Get(tap.Second, 1 - half);
        BilinearResize.Mix(first, second, tap.Share, target, logits.RowLength);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _mixed.Dispose();
    }

    private float* Get(int y, int half)
    {
        var row = _rows.Pointer + (nint)half * logits.RowLength;
        if (_held[half] != y)
        {
            logits.Average(y, row, _mixed.Pointer);
            _held[half] = y;
        }
        return row;
    }
}
