using System.Numerics.Tensors;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>
/// Features of single pixels of a label map, from kept ones. Interpolation and averaging of windows are linear, so the dot product of a pixel's feature with a
/// name's embedding is the cosine that the label map compares there, for any name. Not for several threads at a time.
/// </summary>
public sealed class PixelFeatures
{
    private readonly FeatureFile _file;
    private readonly Window[] _windows;
    private readonly int _gridHeight, _gridWidth;

    // Between which pixels of the resized picture a pixel lies, and between which patches of a window one of its pixels does.
    private readonly Tap[] _rows, _columns, _patchRows, _patchColumns;
    private readonly float[] _patch;

    /// <param name="file">Kept features of a picture.</param>
    public PixelFeatures(FeatureFile file)
    {
        var header = file.Header;
        (_file, _windows, _patch) = (file, FeatureFile.Windows(header), new float[header.Dimension]);
        (_gridHeight, _gridWidth) = (header.Cut.Along(_windows[0].Height), header.Cut.Along(_windows[0].Width));
        // One window over the whole picture goes from its patches straight to the label map's size.
        if (header.Crop == 0)
            _windows = [new Window(0, 0, _gridHeight, _gridWidth)];
        var (height, width) = header.Crop == 0 ? (_gridHeight, _gridWidth) : (header.ModelHeight, header.ModelWidth);
        (_rows, _columns) = (BilinearResize.Taps(height, header.Height), BilinearResize.Taps(width, header.Width));
        (_patchRows, _patchColumns) = header.Crop == 0
            ? (BilinearResize.Taps(_gridHeight, _gridHeight), BilinearResize.Taps(_gridWidth, _gridWidth))
            : (header.Cut.Taps(_windows[0].Height), header.Cut.Taps(_windows[0].Width));
    }

    /// <summary>Reads the feature of a pixel; its length is 1 or less.</summary>
    /// <param name="x">Column in pixels of the picture.</param>
    /// <param name="y">Row likewise.</param>
    /// <param name="target">Receives it, <c>[dimension]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel lies outside the picture.</exception>
    public void Read(int x, int y, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, _columns.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, _rows.Length);
        var shares = new SortedDictionary<long, float>();
        foreach (var (row, rowShare) in Ends(_rows[y]))
            foreach (var (column, columnShare) in Ends(_columns[x]))
                if (rowShare * columnShare is > 0 and var share)
                    Add(shares, row, column, share);
        target.Clear();
        foreach (var (patch, share) in shares)
        {
            _file.Read(patch, _patch);
            TensorPrimitives.MultiplyAdd(_patch, share, target, target);
        }
    }

    /// <summary>Adds the patches of all windows that lie over a pixel of the resized picture.</summary>
    private void Add(SortedDictionary<long, float> shares, int row, int column, float share)
    {
        var covering = 0;
        foreach (var window in _windows)
            covering += Covers(window, row, column) ? 1 : 0;
        for (var i = 0; i < _windows.Length; i++)
        {
            if (!Covers(_windows[i], row, column))
                continue;
            foreach (var (patchRow, rowShare) in Ends(_patchRows[row - _windows[i].Y]))
                foreach (var (patchColumn, columnShare) in Ends(_patchColumns[column - _windows[i].X]))
                {
                    var patch = ((long)i * _gridHeight + patchRow) * _gridWidth + patchColumn;
                    shares[patch] = shares.GetValueOrDefault(patch) + share / covering * rowShare * columnShare;
                }
        }
    }

    private static bool Covers(Window window, int row, int column) =>
        row >= window.Y && row < window.Y + window.Height && column >= window.X && column < window.X + window.Width;

    private static (int Position, float Share)[] Ends(Tap tap) => [(tap.First, 1 - tap.Share), (tap.Second, tap.Share)];
}
