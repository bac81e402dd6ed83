using System.Collections.Concurrent;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The cosines of every pixel of the resized picture with every name, <c>[Height, Width, Stride]</c>: the names of a pixel lie together,
/// so that interpolation and softmax run along them. Held are those of the windows' patches, a small part of it; rows of pixels, the windows over them
/// added up and averaged, are made when they are asked for (<see cref="LogitRows"/>).
/// </summary>
internal sealed unsafe class LogitMap : IDisposable
{
    /// <summary>What lanes behind the last name hold after averaging: far below every cosine, yet finite, since they are interpolated too.</summary>
    private const float Nothing = -1e9f;

    private readonly List<Patches> _windows = [];
    private readonly ConcurrentBag<LogitRows> _idle = [];
    private readonly int[] _coverRows, _coverColumns;

    public LogitMap(int height, int width, int names)
    {
        (Height, Width, Names, Stride) = (height, width, names, StrideOf(names));
        (_coverRows, _coverColumns) = (new int[height], new int[width]);
    }

    public int Height { get; }

    public int Width { get; }

    public int Names { get; }

    /// <summary>Floats of a pixel: the names, rounded up to whole vectors of the widest kind.</summary>
    public int Stride { get; }

    /// <summary>Floats of a row of pixels.</summary>
    public int RowLength => Width * Stride;

    /// <summary>Floats of the widest row of a window's patches.</summary>
    public int LongestGridRow => _windows.Max(window => window.GridWidth) * Stride;

    public static int StrideOf(int names) => (names + 15) / 16 * 16;

    /// <summary>Adds a window's patch logits <c>[gridHeight, gridWidth, Stride]</c>, to be interpolated to its pixels.</summary>
    public void AddWindow(float* patches, int gridHeight, int gridWidth, Window window)
    {
        var values = new NativeBuffer((long)gridHeight * gridWidth * Stride);
        Buffer.MemoryCopy(patches, values.Pointer, values.Length * sizeof(float), values.Length * sizeof(float));
        _windows.Add(new Patches(values, gridWidth, window, BilinearResize.Taps(gridHeight, window.Height), BilinearResize.Taps(gridWidth, window.Width)));
        Count(window);
    }

    /// <summary>Rows for one thread; what another has disposed of is taken again, with the rows that it holds.</summary>
    public LogitRows Rows() => _idle.TryTake(out var rows) ? rows : new LogitRows(this);

    /// <summary>Takes rows back.</summary>
    public void Return(LogitRows rows) => _idle.Add(rows);

    /// <summary>Averages a row: target <c>[Width, Stride]</c>, and a row of patches as working memory.</summary>
    public void Average(int y, float* target, float* mixed)
    {
        new Span<float>(target, RowLength).Clear();
        // In the order in which they came: sums are the same whoever asks.
        foreach (var (values, gridWidth, window, rows, columns) in _windows)
        {
            if (y < window.Y || y >= window.Y + window.Height)
                continue;
            var (tap, gridRow) = (rows[y - window.Y], gridWidth * Stride);
            BilinearResize.Mix(values.Pointer + (nint)tap.First * gridRow, values.Pointer + (nint)tap.Second * gridRow, tap.Share, mixed, gridRow);
            var pixel = target + (nint)window.X * Stride;
            for (var x = 0; x < window.Width; x++, pixel += Stride)
                BilinearResize.AddMix(mixed + columns[x].First * Stride, mixed + columns[x].Second * Stride, columns[x].Share, pixel, Stride);
        }
        for (var x = 0; x < Width; x++, target += Stride)
        {
            Elementwise.Scale(target, 1f / ((float)_coverRows[y] * _coverColumns[x]), Names);
            new Span<float>(target + Names, Stride - Names).Fill(Nothing);
        }
    }

    public void Dispose()
    {
        foreach (var window in _windows)
            window.Values.Dispose();
        foreach (var rows in _idle)
            rows.Free();
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

    /// <summary>The logits of a window's patches, and between which of them its pixels lie.</summary>
    private sealed record Patches(NativeBuffer Values, int GridWidth, Window Window, Tap[] Rows, Tap[] Columns);
}
