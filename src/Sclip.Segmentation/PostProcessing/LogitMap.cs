using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The cosines of every pixel of the resized picture with every name, <c>[Height, Width, Stride]</c>: the names of a pixel lie together,
/// so that interpolation and softmax run along them. Windows are added up, then averaged.
/// </summary>
internal sealed unsafe class LogitMap : IDisposable
{
    /// <summary>What lanes behind the last name hold after averaging: far below every cosine, yet finite, since they are interpolated too.</summary>
    private const float Nothing = -1e9f;

    private readonly NativeBuffer _values;
    private readonly int[] _coverRows, _coverColumns;

    public LogitMap(int height, int width, int names)
    {
        (Height, Width, Names, Stride) = (height, width, names, StrideOf(names));
        _values = new NativeBuffer((long)height * width * Stride);
        _values.Clear();
        (_coverRows, _coverColumns) = (new int[height], new int[width]);
    }

    public int Height { get; }

    public int Width { get; }

    public int Names { get; }

    /// <summary>Floats of a pixel: the names, rounded up to whole vectors of the widest kind.</summary>
    public int Stride { get; }

    public static int StrideOf(int names) => (names + 15) / 16 * 16;

    public float* Pixel(int y, int x) => _values.Pointer + ((nint)y * Width + x) * Stride;

    /// <summary>Adds a window's patch logits <c>[gridHeight, gridWidth, Stride]</c>, interpolated to its pixels.</summary>
    public void AddWindow(float* patches, int gridHeight, int gridWidth, Window window, Threads threads)
    {
        var rows = BilinearResize.Taps(gridHeight, window.Height);
        var columns = BilinearResize.Taps(gridWidth, window.Width);
        var gridRow = gridWidth * Stride;
        const int RowsOfTask = 16;
        threads.For((window.Height + RowsOfTask - 1) / RowsOfTask, (task, scratch) =>
        {
            var mixed = scratch.Get(Scratch.Slot.Row, gridRow);
            for (var y = task * RowsOfTask; y < Math.Min(window.Height, (task + 1) * RowsOfTask); y++)
            {
                BilinearResize.Mix(patches + (nint)rows[y].First * gridRow, patches + (nint)rows[y].Second * gridRow, rows[y].Share, mixed, gridRow);
                var target = Pixel(window.Y + y, window.X);
                for (var x = 0; x < window.Width; x++, target += Stride)
                    BilinearResize.AddMix(mixed + columns[x].First * Stride, mixed + columns[x].Second * Stride, columns[x].Share, target, Stride);
            }
        });
        Count(window);
    }

    /// <summary>Divides by the number of windows over each pixel; nothing can be added afterwards.</summary>
    public void Average(Threads threads) => threads.For(Height, (y, _) =>
    {
        for (var x = 0; x < Width; x++)
        {
            var pixel = Pixel(y, x);
            Elementwise.Scale(pixel, 1f / ((float)_coverRows[y] * _coverColumns[x]), Names);
            new Span<float>(pixel + Names, Stride - Names).Fill(Nothing);
        }
    });

    public void Dispose() => _values.Dispose();

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
}
