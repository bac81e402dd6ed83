using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The cosines of every pixel of the resized picture with every name, <c>[Height, Width, Stride]</c>: the names of a pixel lie together,
/// so that interpolation and softmax run along them. Rows of pixels, the windows over them added up and averaged, are made when they are asked for
/// (<see cref="LogitRows"/>). Till then held are the windows' patches, of which there are (crop / patch / stride)^2 times as many as pixels: at a stride of half
/// the crop a small part. Where they are more, at strides below crop / patch, windows are added up as they come instead, to the same bytes.
/// </summary>
internal sealed unsafe class LogitMap : IDisposable
{
    /// <summary>What lanes behind the last name hold after averaging: far below every cosine, yet finite, since they are interpolated too.</summary>
    private const float Nothing = -1e9f;

    // Of the widest kind: names of a pixel fill whole ones.
    private const int LanesOfVector = 16;

    private readonly List<(NativeBuffer Values, Grid Grid)> _windows = [];
    private readonly ConcurrentBag<LogitRows> _idle = [];
    private readonly int[] _coverRows, _coverColumns;

    // The windows added up; null where their patches are held.
    private readonly NativeBuffer? _sums;

    /// <param name="height">Rows of the resized picture.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="names">Names that each pixel has a cosine with.</param>
    /// <param name="patches">Patches of all windows that are going to be added.</param>
    public LogitMap(int height, int width, int names, long patches)
    {
        (Height, Width, Names, Stride) = (height, width, names, StrideOf(names));
        (_coverRows, _coverColumns) = (new int[height], new int[width]);
        if (patches <= (long)height * width)
            return;
        _sums = new NativeBuffer((long)height * RowLength);
        _sums.Clear();
    }

    public int Height { get; }

    public int Width { get; }

    public int Names { get; }

    /// <summary>Floats of a pixel: the names, rounded up to whole vectors of the widest kind.</summary>
    public int Stride { get; }

    /// <summary>Floats of a row of pixels.</summary>
    public int RowLength => Width * Stride;

    /// <summary>Floats of the widest row of a window's patches, of those added so far.</summary>
    public int LongestGridRow { get; private set; }

    public static int StrideOf(int names) => (names + LanesOfVector - 1) / LanesOfVector * LanesOfVector;

    /// <summary>Adds a window's patch logits <c>[gridHeight, gridWidth, Stride]</c>, to be interpolated to its pixels.</summary>
    public void AddWindow(float* patches, int gridHeight, int gridWidth, Window window, Threads threads) =>
        AddWindow(patches, gridHeight, gridWidth, window, BilinearResize.Taps(gridHeight, window.Height), BilinearResize.Taps(gridWidth, window.Width), threads);

    /// <summary>The same where it is told between which patches its rows and columns of pixels lie.</summary>
    public void AddWindow(float* patches, int gridHeight, int gridWidth, Window window, Tap[] rows, Tap[] columns, Threads threads)
    {
        var grid = new Grid(gridWidth, window, rows, columns);
        LongestGridRow = Math.Max(LongestGridRow, gridWidth * Stride);
        Count(window);
        if (_sums is not null)
        {
            threads.For(window.Height, (y, scratch) => AddRow(patches, grid, y, scratch.Get(Scratch.Slot.Row, gridWidth * Stride), Sums(window.Y + y)));
            return;
        }
        var values = new NativeBuffer((long)gridHeight * gridWidth * Stride);
        Buffer.MemoryCopy(patches, values.Pointer, values.Length * sizeof(float), values.Length * sizeof(float));
        _windows.Add((values, grid));
    }

    /// <summary>Rows for one thread, until it disposes of the loan; what another has given back is lent again, with the rows that it holds.</summary>
    public LogitRowsLoan RentRows() => new(this, _idle.TryTake(out var rows) ? rows : new LogitRows(this));

    /// <summary>Takes back what was lent.</summary>
    public void Return(LogitRows rows) => _idle.Add(rows);

    /// <summary>Averages a row: target <c>[Width, Stride]</c>, and a row of patches as working memory.</summary>
    public void Average(int y, float* target, float* mixed) => Average(y, target, mixed, Simd.Width);

    public void Average(int y, float* target, float* mixed, int vectorBits)
    {
        if (_sums is not null)
            Buffer.MemoryCopy(Sums(y), target, (long)RowLength * sizeof(float), (long)RowLength * sizeof(float));
        else
            new Span<float>(target, RowLength).Clear();
        // In the order in which they came: sums are the same whoever asks.
        foreach (var (values, grid) in _windows)
            if (y >= grid.Window.Y && y < grid.Window.Y + grid.Window.Height)
                AddRow(values.Pointer, grid, y - grid.Window.Y, mixed, target);
        switch (vectorBits)
        {
            case 512: Divide<Simd512>(y, target); break;
            case 256: Divide<Simd256>(y, target); break;
            case 128: Divide<Simd128>(y, target); break;
            default: Divide<Simd1>(y, target); break;
        }
    }

    public void Dispose()
    {
        _sums?.Dispose();
        foreach (var (values, _) in _windows)
            values.Dispose();
        // Taken out: a bag holds its elements by its threads, these would hold it, and neither would ever be let go while the threads live.
        while (_idle.TryTake(out var rows))
            rows.Dispose();
    }

    /// <summary>Divides the pixels of a row by how many windows lie over each, and sets the lanes behind the last name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide<T>(int y, float* target)
        where T : struct, ISimd<T>
    {
        // Lanes behind the last name hold zero so far.
        var behind = stackalloc float[LanesOfVector];
        for (var lane = 0; lane < LanesOfVector; lane++)
            behind[lane] = Stride - LanesOfVector + lane < Names ? 0 : Nothing;
        for (var x = 0; x < Width; x++, target += Stride)
        {
            var share = T.Broadcast(1f / ((float)_coverRows[y] * _coverColumns[x]));
            var lane = 0;
            for (; lane < Stride - LanesOfVector; lane += T.Count)
                T.Store(T.Load(target + lane) * share, target + lane);
            for (var i = 0; i < LanesOfVector; i += T.Count)
                T.Store(T.MultiplyAdd(T.Load(target + lane + i), share, T.Load(behind + i)), target + lane + i);
        }
    }

    private float* Sums(int y) => _sums!.Pointer + (nint)y * RowLength;

    /// <summary>Adds row y of a window to the row of the picture that it lies on.</summary>
    private void AddRow(float* patches, Grid grid, int y, float* mixed, float* target)
    {
        var (tap, gridRow) = (grid.Rows[y], grid.Width * Stride);
        BilinearResize.Mix(patches + (nint)tap.First * gridRow, patches + (nint)tap.Second * gridRow, tap.Share, mixed, gridRow);
        BilinearResize.AddMixed(mixed, grid.Columns, Stride, target + (nint)grid.Window.X * Stride);
    }

    /// <summary>Windows form a grid: how many lie over a pixel is the product of those over its row and over its column.</summary>
    private void Count(Window window)
    {
        if (window.X == 0)
            for (var y = window.Y; y < window.Y + window.Height; y++)
                _coverRows[y]++;
        if (window.Y == 0)
            for (var x = window.X; x < window.X + window.Width; x++)
                _coverColumns[x]++;
    }

    /// <summary>A window's patches: how many lie in a row, and between which of them its pixels lie.</summary>
    private sealed record Grid(int Width, Window Window, Tap[] Rows, Tap[] Columns);
}
