using System.Runtime.InteropServices;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>Pictures that were given to the device together, and whose results are on their way back.</summary>
internal sealed class PictureGroup : IDisposable
{
    private readonly SegmentationInput[] _pictures;
    private readonly int[] _windows;
    private readonly MappedPicture[] _results;
    private readonly int _classes;
    private readonly StageClock _clock;

    public PictureGroup(SegmentationInput[] pictures, int[] windows, MappedPicture[] mapped, LabelEmbeddings labels, TorchDevice device, StageClock clock)
    {
        (_pictures, _windows, _classes, _clock) = (pictures, windows, labels.ClassCount, clock);
        using var _ = NewDisposeScope();
        _results = [.. mapped.Select(picture => new MappedPicture(
            Download(picture.LabelMap, device), Download(picture.Sums, device), picture.DoubtMap is null ? null : Download(picture.DoubtMap, device)))];
        clock.End("download");
        // Only now are they this group's: what fails on the way leaves nothing behind.
        foreach (var (labelMap, sums, doubtMap) in _results)
        {
            labelMap.DetachFromDisposeScope();
            sums.DetachFromDisposeScope();
            doubtMap?.DetachFromDisposeScope();
        }
    }

    /// <summary>Waits for the results and takes them over.</summary>
    public IEnumerable<SegmentationResult> Read()
    {
        _clock.Wait();
        _clock.Report();
        return _pictures.Select((picture, i) => Read(picture, _windows[i], _results[i]));
    }

    public void Dispose()
    {
        foreach (var (labelMap, sums, doubtMap) in _results)
        {
            labelMap.Dispose();
            sums.Dispose();
            doubtMap?.Dispose();
        }
        _clock.Dispose();
    }

    private SegmentationResult Read(SegmentationInput picture, int windows, MappedPicture result)
    {
        var labelMap = MemoryMarshal.Cast<byte, ushort>(result.LabelMap.bytes).ToArray();
        var sums = MemoryMarshal.Cast<byte, long>(result.Sums.bytes);
        var (counts, scores, doubts) = (sums[.._classes].ToArray(), sums[_classes..(2 * _classes)].ToArray(), sums[(2 * _classes)..].ToArray());
        return LabelMapper.Result(picture, labelMap, result.DoubtMap?.bytes.ToArray(), counts, scores, doubts, windows);
    }

    /// <summary>Begins the way back, into pinned memory, so that nobody waits for it; on a CPU there is no way to go.</summary>
    private static Tensor Download(Tensor result, TorchDevice device) =>
        device.Context is null ? result.alias() : empty(result.shape, dtype: result.dtype).pin_memory().copy_(result, nonBlocking: true);
}
