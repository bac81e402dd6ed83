using System.Runtime.InteropServices;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Labelling;

/// <summary>
/// The second half of the engine for one picture: features of its windows in, label map out. It is all that depends on names, thresholds and
/// refinement, and nothing else does.
/// </summary>
internal sealed unsafe class PictureLabels : IDisposable
{
    private readonly LabelEmbeddings _labels;
    private readonly SegmentationOptions _options;
    private readonly PackedMatrix _names;
    private readonly Threads _threads;
    private readonly Window[] _windows;
    private readonly Func<WindowSize, WindowSize>? _scoreGrid;
    private readonly PatchCut _patches;

    /// <param name="height">Rows of the resized picture.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="patches">How features lie in windows.</param>
    /// <param name="labels">Embeddings of the class names.</param>
    /// <param name="names">The same, packed.</param>
    /// <param name="options">Windows, scale, thresholds and refinement.</param>
    /// <param name="threads">Where it runs.</param>
    /// <param name="scoreGrid">For windows of final scores, rows and columns of a window's; null where each patch has cosines.</param>
    public PictureLabels(
        int height, int width, PatchCut patches, LabelEmbeddings labels, PackedMatrix names, SegmentationOptions options, Threads threads, Func<WindowSize, WindowSize>? scoreGrid = null)
    {
        SegmentationChecks.Picture(height, width, patches.Size);
        (_labels, _names, _options, _threads, _patches, _scoreGrid) = (labels, names, options, threads, patches, scoreGrid);
        _windows = SlidingWindow.Cover(height, width, options.Crop, options.Stride);
        var count = _windows.Select(window => scoreGrid?.Invoke(new(window.Height, window.Width)) ?? new(patches.Along(window.Height), patches.Along(window.Width)))
            .Sum(grid => (long)grid.Height * grid.Width);
        // One window over the whole picture goes from its patches straight to the label map's size.
        Logits = IsGridAlone
            ? new LogitMap(patches.Along(height), patches.Along(width), labels.ClassOfName.Length, count)
            : new LogitMap(height, width, labels.ClassOfName.Length, count);
    }

    public IReadOnlyList<Window> Windows => _windows;

    public LogitMap Logits { get; }

    /// <summary>The regions of the picture's one window, by a method that finds them.</summary>
    public PatchRegions? Regions { get; set; }

    /// <summary>Windows that were added.</summary>
    public int Added { get; private set; }

    public bool Done => Added == _windows.Length;

    /// <summary>Adds the next window: its features of unit length, <c>[gridHeight * gridWidth, dimension]</c>, times the embeddings of all names.</summary>
    public void AddWindow(float* features, int gridHeight, int gridWidth, Scratch scratch)
    {
        var patches = gridHeight * gridWidth;
        var logits = scratch.Get(Scratch.Slot.Logits, (long)patches * Logits.Stride);
        // Lanes behind the last name are interpolated too, so they must hold numbers.
        NativeMemory.Clear(logits, (nuint)patches * (nuint)Logits.Stride * sizeof(float));
        Gemm.Multiply(features, _names.K, patches, _names, logits, Logits.Stride, null, Epilogue.None, _threads);
        AddLogits(logits, gridHeight, gridWidth);
    }

    private bool IsGridAlone => _options.Crop == 0 && _scoreGrid is null;

    /// <summary>Adds the next window by the logits of its patches, or the scores of its grid, <c>[gridHeight * gridWidth, stride of the logit map]</c>, zero behind the last name.</summary>
    public void AddLogits(float* logits, int gridHeight, int gridWidth)
    {
        if (IsGridAlone)
            Logits.AddWindow(logits, gridHeight, gridWidth, new Window(0, 0, gridHeight, gridWidth), _threads);
        else if (_scoreGrid is not null)
            Logits.AddWindow(logits, gridHeight, gridWidth, _windows[Added], _threads);
        else
            Logits.AddWindow(logits, gridHeight, gridWidth, _windows[Added], _patches.Taps(_windows[Added].Height), _patches.Taps(_windows[Added].Width), _threads);
        Added++;
    }

    /// <summary>The label map, once all windows were added.</summary>
    /// <param name="input">The picture, for the size of its label map and what else is wanted.</param>
    /// <param name="normalisedPicture">The resized picture, normalised, <c>[3, height, width]</c>; asked for by PAMR alone.</param>
    /// <param name="cancellationToken">Checked between bands of rows.</param>
    public SegmentationResult Map(SegmentationInput input, Func<float[]> normalisedPicture, CancellationToken cancellationToken) =>
        LabelMapper.Map(Logits, input, _labels, _options, _windows.Length, Regions, areFinal: _scoreGrid is not null, normalisedPicture, _threads, cancellationToken);

    public void Dispose() => Logits.Dispose();
}
