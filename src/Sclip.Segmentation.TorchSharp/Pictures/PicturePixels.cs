using Sclip.Imaging.Resizing;
using Sclip.Segmentation.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.Pictures;

/// <summary>From the bytes of a picture to the numbers that the model sees, on the device.</summary>
internal sealed class PicturePixels : IDisposable
{
    private const int MostTaps = 256;
    private readonly Device _device;
    private readonly Tensor _factor, _offset;
    private readonly Dictionary<(int Source, int Target), Taps> _taps = [];

    public PicturePixels(PixelNormalisation normalisation, Device device)
    {
        _device = device;
        using var _ = NewDisposeScope();
        float[] factors = [.. Enumerable.Range(0, 3).Select(channel => (float)normalisation.Factor(channel))];
        float[] offsets = [.. Enumerable.Range(0, 3).Select(channel => (float)normalisation.Offset(channel))];
        _factor = tensor(factors, [1, 1, 3]).to(device).DetachFromDisposeScope();
        _offset = tensor(offsets, [1, 1, 3]).to(device).DetachFromDisposeScope();
    }

    /// <summary>Resizes where asked for and normalises: <c>[height, width, 3]</c> of 8 bits to <c>[3, height, width]</c> of 32.</summary>
    public Tensor Load(Tensor rgb, SegmentationInput picture)
    {
        using var scope = NewDisposeScope();
        var levels = picture.ModelWidth == 0 ? rgb.to(ScalarType.Float32) : Resize(rgb, picture.ModelHeight, picture.ModelWidth);
        return levels.mul_(_factor).add_(_offset, Scalars.One).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Bilinear, rounded to 8 bits, in the order of operations of the CPU's resizer, whose bytes these are: columns, then rows.</summary>
    public Tensor Resize(Tensor rgb, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (Of((int)rgb.shape[0], height), Of((int)rgb.shape[1], width));
        var upper = Mix(rgb.index_select(0, rows.First), 1, columns);
        var lower = Mix(rgb.index_select(0, rows.Second), 1, columns);
        return Mix(upper, lower, rows.Share.view(-1, 1, 1)).add_(Scalars.Of(0.5), Scalars.One).floor_().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _factor.Dispose();
        _offset.Dispose();
        DropTaps();
    }

    private static Tensor Mix(Tensor source, int axis, Taps taps) =>
        Mix(source.index_select(axis, taps.First).to(ScalarType.Float32), source.index_select(axis, taps.Second).to(ScalarType.Float32), taps.Share.view(1, -1, 1));

    /// <summary>first + (second - first) * share, in place; not as one fused operation, which would round once less.</summary>
    private static Tensor Mix(Tensor first, Tensor second, Tensor share) => first.add_(second.sub_(first).mul_(share), Scalars.One);

    private Taps Of(int source, int target)
    {
        if (_taps.TryGetValue((source, target), out var known))
            return known;
        // Pictures of a set are of a few sizes; where they are not, old ones are dropped.
        if (_taps.Count == MostTaps)
            DropTaps();
        var along = Tap.Along(source, target);
        using var _ = NewDisposeScope();
        var taps = new Taps(
            tensor(Array.ConvertAll(along, tap => (long)tap.First)).to(_device).DetachFromDisposeScope(),
            tensor(Array.ConvertAll(along, tap => (long)tap.Second)).to(_device).DetachFromDisposeScope(),
            tensor(Array.ConvertAll(along, tap => tap.Share)).to(_device).DetachFromDisposeScope());
        _taps.Add((source, target), taps);
        return taps;
    }

    private void DropTaps()
    {
        foreach (var taps in _taps.Values)
            taps.Dispose();
        _taps.Clear();
    }

    /// <summary>The two source positions of each target position along one axis, and the share of the second.</summary>
    private sealed record Taps(Tensor First, Tensor Second, Tensor Share) : IDisposable
    {
        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
            Share.Dispose();
        }
    }
}
