namespace Sclip.Segmentation.Vision;

/// <summary>How the tokens of several windows stand one behind the other: CLS, then the patches row by row, window by window.</summary>
internal sealed class TokenBatch
{
    private readonly int[] _firstRows;
    private readonly (int Height, int Width)[] _grids;

    private TokenBatch((int Height, int Width)[] grids, PatchCut patches, PositionResizing positions)
    {
        (_grids, Patches, Positions) = (grids, patches, positions);
        _firstRows = new int[grids.Length];
        for (var i = 0; i < grids.Length; i++)
        {
            _firstRows[i] = Rows;
            Rows += Tokens(i);
        }
    }

    /// <summary>Windows of the batch.</summary>
    public int Count => _grids.Length;

    /// <summary>Tokens of all windows.</summary>
    public int Rows { get; }

    /// <summary>How windows are cut into patches.</summary>
    public PatchCut Patches { get; }

    /// <summary>How the model's positions come to the windows' grids.</summary>
    public PositionResizing Positions { get; }

    /// <summary>The right and bottom rest of a window that fills no patch is dropped.</summary>
    public static TokenBatch Of(ReadOnlySpan<PixelWindow> windows, PatchCut patches, PositionResizing positions = PositionResizing.Bicubic)
    {
        var grids = new (int, int)[windows.Length];
        for (var i = 0; i < grids.Length; i++)
        {
            SegmentationChecks.Window(windows[i].Height, windows[i].Width, patches);
            grids[i] = (patches.Along(windows[i].Height), patches.Along(windows[i].Width));
        }
        return new TokenBatch(grids, patches, positions);
    }

    /// <summary>Some windows of it, as a batch of their own.</summary>
    public TokenBatch Slice(Range windows) => new(_grids[windows], Patches, Positions);

    /// <summary>
    /// The windows cut into runs of at least so many rows each, but for the last: enough for a matrix product that takes its weights from
    /// memory once a run.
    /// </summary>
    public List<Range> Runs(int rows)
    {
        var runs = new List<Range>();
        for (int first = 0, end; first < Count; first = end)
        {
            var sum = 0;
            for (end = first; end < Count && sum < rows; end++)
                sum += Tokens(end);
            runs.Add(first..end);
        }
        return runs;
    }

    public int FirstRow(int window) => _firstRows[window];

    public int Tokens(int window) => 1 + _grids[window].Height * _grids[window].Width;

    public int GridHeight(int window) => _grids[window].Height;

    public int GridWidth(int window) => _grids[window].Width;
}
