using global::TorchSharp;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>
/// Pixel-Adaptive Mask Refinement (arXiv 2005.08104, section 3.3) on the device: as the managed engine's, for several planes at a time.
/// </summary>
internal sealed class TorchPamr
{
    private static readonly (int Y, int X)[] Directions = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)];

    private readonly int _steps;
    private readonly IReadOnlyList<int> _dilations;
    private readonly Tensor _weights;

    /// <param name="picture">The normalised picture, <c>[channels, height, width]</c>.</param>
    /// <param name="steps">Iterations.</param>
    /// <param name="dilations">Distances to the neighbours in pixels.</param>
    public TorchPamr(Tensor picture, int steps, IReadOnlyList<int> dilations)
    {
        (_steps, _dilations) = (steps, dilations);
        _weights = Weigh(picture);
    }

    /// <summary>Refines planes <c>[planes, height, width]</c>.</summary>
    public Tensor Refine(Tensor planes, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        for (var step = 0; step < _steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var next = zeros_like(planes);
            var index = 0;
            foreach (var neighbour in Neighbours(planes))
                next.addcmul_(neighbour, _weights[index++], Scalars.One);
            planes = next.MoveToOuterDisposeScope();
        }
        return planes.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The weights of the neighbours, <c>[8 * dilations, height, width]</c>: the softmax over the neighbours of the mean over the channels of
    /// -|difference| / (0.1 deviation), the deviation being that of all 3 x 3 values at all dilations, taken around the centre.
    /// </summary>
    private Tensor Weigh(Tensor picture)
    {
        using var scope = NewDisposeScope();
        var samples = (Directions.Length + 1) * _dilations.Count;
        var (sum, squares) = (zeros_like(picture), zeros_like(picture));
        foreach (var neighbour in Neighbours(picture))
        {
            var difference = neighbour - picture;
            sum.add_(difference, Scalars.One);
            squares.addcmul_(difference, difference, Scalars.One);
        }
        var deviation = (squares - sum * sum / Scalars.Of((long)samples)).clamp_min(Scalars.Of(0L)).div_(Scalars.Of(samples - 1L)).sqrt_();
        var factor = deviation.mul_(Scalars.Of(0.1)).add_(Scalars.Of(1e-8), Scalars.One).reciprocal_().neg_();
        Tensor[] logits = [.. Neighbours(picture).Select(neighbour => ((neighbour - picture).abs_() * factor).mean([0]))];
        return functional.softmax(stack(logits, 0), 0).MoveToOuterDisposeScope();
    }

    /// <summary>The picture moved by each dilation in each direction; borders repeat the outermost pixel.</summary>
    private IEnumerable<Tensor> Neighbours(Tensor planes)
    {
        var (height, width) = (planes.shape[1], planes.shape[2]);
        foreach (var dilation in _dilations)
        {
            using var padded = functional.pad(planes.unsqueeze(0), [dilation, dilation, dilation, dilation], PaddingModes.Replicate).squeeze(0);
            foreach (var (y, x) in Directions)
            {
                using var neighbour = padded.narrow(1, dilation + y * dilation, height).narrow(2, dilation + x * dilation, width);
                yield return neighbour;
            }
        }
    }
}
