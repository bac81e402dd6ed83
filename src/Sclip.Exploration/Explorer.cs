using System.Numerics.Tensors;
using Sclip.Contracts;
using Sclip.Evaluation;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>Shows what a model sees in a few pictures, to find names that suit them.</summary>
public sealed class Explorer : IDisposable
{
    /// <summary>The most pictures: all of them stand in one page.</summary>
    public const int MostPictures = 16;

    /// <summary>The most classes: each has a value at each pixel that is shown.</summary>
    public const int MostClasses = 300;

    /// <summary>Classes of each picture that get heat maps where not all do.</summary>
    public const int ClassesShown = 12;

    // Features of all patches are held for clustering: 128 x 128 patches are 2048 x 2048 pixels of ViT-B/16.
    private const int MostPatches = 128 * 128;

    private const int Side = 384;
    private const int MostPairs = 10;

    private readonly LabelEmbeddings _embeddings;
    private readonly ExplorationOptions _options;
    private readonly ManagedSegmenter _segmenter;
    private readonly PatchCut _patches;
    private readonly bool _hasAttention;
    private readonly string[] _names;
    private readonly RgbColor[] _colors;
    private readonly ClassStatistics _statistics;
    private readonly DenseClusters[] _clusters;
    private readonly List<PictureFinding> _pictures = [];

    /// <summary>Begins without pictures.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="embeddings">Embeddings of their names, of this model.</param>
    /// <param name="options">What is shown, and by which methods.</param>
    /// <exception cref="EvaluationException">A value of the options is out of range, or there are too many classes.</exception>
    /// <exception cref="SegmentationException">There is no such method, or a value is out of range.</exception>
    public Explorer(ClipModel model, LabelSet labels, LabelEmbeddings embeddings, ExplorationOptions options)
    {
        options.Validate(model);
        _hasAttention = model.Config.OwnMethod is null;
        if (!_hasAttention && options.Points.Count > 0)
            throw new EvaluationException($"The method {model.Config.OwnMethod} of this {model.Config.Architecture} model has no attention that could be shown at a point; leave --point out.");
        if (labels.Classes.Count > MostClasses)
            throw new EvaluationException($"There are {labels.Classes.Count} classes; at most {MostClasses} can be explored. Take those that matter.");
        (_patches, _embeddings, _options, _segmenter) = (PatchCut.Of(model.Config, options.Segmentation), embeddings, options, new ManagedSegmenter(model));
        (_names, _colors) = ([.. labels.Classes.Select(label => label.Name)], Palette.Of(labels.Classes));
        _statistics = new ClassStatistics(_names.Length, options.Segmentation.LogitScale);
        _clusters = [.. options.Methods.Select(_ => new DenseClusters())];
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="name">What the page calls it.</param>
    /// <param name="picture">The picture in its original size.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <exception cref="EvaluationException">A point lies outside the picture, or there are too many pictures.</exception>
    /// <exception cref="SegmentationException">The picture does not fit the options.</exception>
    public void Add(string name, RgbImage picture, CancellationToken cancellationToken = default)
    {
        if (_pictures.Count == MostPictures)
            throw new EvaluationException($"At most {MostPictures} pictures can be explored in one page.");
        foreach (var (x, y) in _options.Points)
            if (x < 0 || y < 0 || x >= picture.Width || y >= picture.Height)
                throw new EvaluationException($"The point {x},{y} lies outside {name}, which has {picture.Width} x {picture.Height} pixels (--point).");
        var (resized, thumbnail) = (ImageResizer.ShortSide(picture, _options.ShortSide), Thumbnail.Of(picture, Side));
        if ((long)_patches.Along(resized.Width) * _patches.Along(resized.Height) > MostPatches)
            throw new SegmentationException($"The picture is {resized.Width} x {resized.Height} pixels after resizing, too many to explore; use a smaller short side (--short-side){(_options.Segmentation.PatchStride is null ? "" : " or a larger patch stride (--patch-stride)")}.");
        var input = new SegmentationInput
        {
            Rgb = resized.Pixels,
            Width = resized.Width,
            Height = resized.Height,
            OutputWidth = thumbnail.Width,
            OutputHeight = thumbnail.Height,
        };
        DenseOutputs[] outputs = [.. _segmenter.InspectWithEach(input, _embeddings, [.. _options.Methods.Select(method => _options.Segmentation with { Method = method })], cancellationToken)];
        var shares = outputs[_options.Primary].Result.PixelCounts.Select(count => (double)count / outputs[0].Result.LabelMap.Length).ToArray();
        var points = Points(outputs[_options.Primary].Result, picture).Select(point =>
            PointAttention.Draw(_segmenter, input, (point.X, point.Y), picture.Width, picture.Height, point.Class, _embeddings, _options, cancellationToken)).ToArray();
        var heat = outputs.Select(output => new ClassHeat(output, plain: !_options.ComparesClasses(_names.Length))).ToArray();
        _statistics.Add(outputs[_options.Primary]);
        for (var i = 0; i < outputs.Length; i++)
            _clusters[i].Add(outputs[i]);
        _pictures.Add(new PictureFinding(name, picture.Width, picture.Height, thumbnail)
        {
            Labels = [.. outputs.Select(output => Jpeg.Of(OverlayRenderer.Blend(thumbnail, output.Result.LabelMap, _colors)))],
            Classes = [.. Shown(shares, heat[_options.Primary]).Select(label => Maps(label, shares[label], thumbnail, heat))],
            Points = points,
        });
    }

    /// <summary>Says what was found.</summary>
    /// <param name="cancellationToken">Checked between rounds of clustering.</param>
    /// <exception cref="EvaluationException">There is no picture, or there are fewer patches than clusters.</exception>
    public ExplorationFindings Finish(CancellationToken cancellationToken = default)
    {
        if (_pictures.Count == 0)
            throw new EvaluationException("There is no picture to explore.");
        if (_clusters[0].Patches < _options.Clusters)
            throw new EvaluationException($"--clusters is {_options.Clusters}, but the pictures have {_clusters[0].Patches} patches in all; use fewer clusters, or a larger short side (--short-side).");
        var found = Array.ConvertAll(_clusters, clusters => clusters.Find(_options.Clusters, _embeddings, _names, _options.Segmentation.LogitScale, cancellationToken));
        var pictures = _pictures.Select((picture, i) => picture with { Clusters = [.. found.Select(item => DrawClusters(picture, item.Assigned[i]))] });
        return new ExplorationFindings(_options, _colors, [.. pictures])
        {
            Methods = _options.Methods,
            Method = _options.Methods[_options.Primary],
            Classes = _statistics.Classes(_names),
            Pairs = _statistics.Pairs(_names, MostPairs),
            Clusters = [.. found.Select(item => item.Clusters)],
        };
    }

    /// <inheritdoc />
    public void Dispose() => _segmenter.Dispose();

    /// <summary>The points that were chosen, else one in each of the two largest classes.</summary>
    private IEnumerable<(int X, int Y, string? Class)> Points(SegmentationResult result, RgbImage picture)
    {
        if (!_hasAttention)
            return [];
        if (_options.Points.Count > 0)
            return _options.Points.Select(point => (point.X, point.Y, (string?)null));
        var largest = Enumerable.Range(0, _names.Length).Where(label => result.PixelCounts[label] > 0).OrderByDescending(label => result.PixelCounts[label]).Take(2);
        return largest.Select(label =>
        {
            var (x, y) = AutomaticPoint.Of(result.LabelMap, result.Width, result.Height, label);
            return ((int)((x + 0.5) * picture.Width / result.Width), (int)((y + 0.5) * picture.Height / result.Height), (string?)_names[label]);
        });
    }

    /// <summary>The classes that win most; among those that win nothing, those that come out most.</summary>
    private IEnumerable<int> Shown(double[] shares, ClassHeat heat) => Enumerable.Range(0, _names.Length)
        .OrderByDescending(label => shares[label]).ThenByDescending(label => TensorPrimitives.Max<float>(heat.Of(label))).Take(_options.AllClasses ? _names.Length : ClassesShown);

    private ClassMaps Maps(int label, double share, RgbImage thumbnail, ClassHeat[] heat)
    {
        var values = Array.ConvertAll(heat, method => method.Of(label));
        // Below the mean of the classes there is nothing to see.
        var low = _options.ComparesClasses(_names.Length) ? 0 : values.Min(method => TensorPrimitives.Min<float>(method));
        var high = Math.Max(low, values.Max(method => TensorPrimitives.Max<float>(method)));
        return new ClassMaps(_names[label], _colors[label], share, low, high, [.. values.Select(method => Jpeg.Of(HeatMap.Draw(thumbnail, method, low, high)))]);
    }

    private Jpeg DrawClusters(PictureFinding picture, int[] assigned)
    {
        var (width, height) = ImageResizer.SizeByShortSide(picture.Width, picture.Height, _options.ShortSide);
        var map = PatchMap.Over<ushort>(
            [.. assigned.Select(cluster => (ushort)cluster)], _patches.Along(height), _patches.Along(width), _patches, height, width, picture.Thumbnail);
        return Jpeg.Of(OverlayRenderer.Blend(picture.Thumbnail, map, ClusterColors.Of(_options.Clusters)));
    }
}
