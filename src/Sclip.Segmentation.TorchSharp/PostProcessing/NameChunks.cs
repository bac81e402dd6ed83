using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>
/// The logits of a picture in the size of its label map, some names at a time, so that no <c>[names, height, width]</c> of a large picture
/// is held. Where all fit into one chunk they are computed once.
/// </summary>
internal sealed class NameChunks
{
    /// <summary>Bytes that the logits of a chunk may take; what is computed from them takes a few times as much.</summary>
    public const long MostBytes = 256L << 20;

    private readonly Tensor _logits;
    private readonly int _height, _width, _size;
    private readonly TorchPamr? _pamr;
    private Tensor? _all;

    /// <param name="logits">Averaged logits, <c>[names, *, *]</c>.</param>
    /// <param name="height">Height of the label map in pixels.</param>
    /// <param name="width">Width of the label map in pixels.</param>
    /// <param name="pamr">Refines them; null where that is off.</param>
    public NameChunks(Tensor logits, int height, int width, TorchPamr? pamr)
    {
        (_logits, _height, _width, _pamr) = (logits, height, width, pamr);
        _size = (int)Math.Clamp(MostBytes / ((long)height * width * sizeof(float)), 1, Names);
    }

    public int Names => (int)_logits.shape[0];

    /// <summary>Goes through all names in order: index of the first, logits <c>[chunk, height, width]</c>, which must not be changed.</summary>
    public void ForEach(Action<int, Tensor> take, CancellationToken cancellationToken)
    {
        for (var first = 0; first < Names; first += _size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            take(first, Chunk(first, cancellationToken));
        }
    }

    private Tensor Chunk(int first, CancellationToken cancellationToken)
    {
        if (_all is not null)
            return _all;
        var resized = functional.interpolate(
            _logits.narrow(0, first, Math.Min(_size, Names - first)).unsqueeze(0), [_height, _width], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(0);
        var chunk = _pamr is null ? resized : _pamr.Refine(resized, cancellationToken);
        if (_size == Names)
            _all = chunk.MoveToOuterDisposeScope();
        return chunk;
    }
}
