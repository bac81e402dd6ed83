using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation;

/// <summary>How the logits of a picture's windows are changed together.</summary>
public sealed unsafe partial class ManagedSegmenter
{
    /// <summary>Keeps a window's logits till all of its picture are there, and adds them to it then as the method changes them.</summary>
    private void AddTogether(OpenPicture picture, IPictureMethod method, float* logits, float[] relations, int gridHeight, int gridWidth, PatchCut cut, CancellationToken cancellationToken)
    {
        var (names, stride, patches) = (picture.Labels.Logits.Names, picture.Labels.Logits.Stride, gridHeight * gridWidth);
        var values = new float[patches * names];
        for (var patch = 0; patch < patches; patch++)
            new Span<float>(logits + (nint)patch * stride, names).CopyTo(values.AsSpan(patch * names));
        picture.Kept.Add((values, relations));
        var windows = picture.Labels.Windows;
        if (picture.Kept.Count < windows.Count)
            return;
        var refined = method.Refine(
            [.. picture.Kept.SelectMany(window => window.Logits)], names, [.. picture.Kept.SelectMany(window => window.Relations)], windows, cut, model.Threads, cancellationToken);
        picture.Kept.Clear();
        // All windows of a picture are of one size. Lanes behind the last name stay zero.
        using var target = new NativeBuffer((long)patches * stride);
        target.Clear();
        for (var first = 0; first < refined.Length; first += patches * names)
        {
            for (var patch = 0; patch < patches; patch++)
                refined.AsSpan(first + patch * names, names).CopyTo(target.Span((long)patch * stride, names));
            picture.Labels.AddLogits(target.Pointer, gridHeight, gridWidth);
        }
    }
}
