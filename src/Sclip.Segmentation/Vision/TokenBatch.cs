namespace Sclip.Segmentation.Vision;

/// <summary>How the tokens of several windows stand one behind the other: CLS, then the patches row by row, window by window.</summary>
internal sealed class TokenBatch
{
    private readonly int[] _firstRows;
    private readonly (int Height, int Width)[] _grids;

    private TokenBatch((int Height, int Width)[] grids)
    {
        _grids = grids;
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

    /// <summary>The right and bottom rest of a window that fills no patch is dropped.</summary>
    public static TokenBatch Of(ReadOnlySpan<PixelWindow> windows, int patchSize)
    {
        var grids = new (int, int)[windows.Length];
        for (var i = 0; i < grids.Length; i++)
        {
            SegmentationChecks.Window(windows[i].Height, windows[i].Width, patchSize);
            grids[i] = (windows[i].Height / patchSize, windows[i].Width / patchSize);
        }
        return new TokenBatch(grids);
    }

    public int FirstRow(int window) => _firstRows[window];

    public int Tokens(int window) => 1 + _grids[window].Height * _grids[window].Width;

    public int GridHeight(int window) => _grids[window].Height;

    public int GridWidth(int window) => _grids[window].Width;
}
