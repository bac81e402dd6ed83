using System.Buffers;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>Judges the pictures of a session one after another.</summary>
internal sealed class PictureJudging
{
    private readonly Session _session;
    private readonly LabelSet _labels;
    private readonly LabelEmbeddings _embeddings;
    private readonly SegmentationOptions _options;
    private readonly ILookup<SessionPicture, PlacedWish> _wishesOf;
    private readonly IReadOnlyList<PlacedWish> _wishes;
    private readonly Dictionary<PlacedWish, WishFinding> _found = [];
    private readonly TruthMaps? _truth;
    private readonly ClassMatch? _match;
    private readonly ConfusionMatrix? _counts;
    private int _counted;

    /// <param name="session">The session.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="embeddings">Those of their names.</param>
    /// <param name="options">Scale and thresholds.</param>
    /// <param name="wishes">Wishes on pictures that are ready.</param>
    public PictureJudging(Session session, LabelSet labels, LabelEmbeddings embeddings, SegmentationOptions options, IReadOnlyList<PlacedWish> wishes)
    {
        (_session, _labels, _embeddings, _options, _wishes, _wishesOf, _truth) = (session, labels, embeddings, options, wishes, wishes.ToLookup(wish => wish.Picture), session.Judge.Truth);
        if (_truth is not null)
        {
            _match = new ClassMatch(labels, _truth.Truth.Classes);
            _counts = new ConfusionMatrix(_match.Names.Count, ignore: LabelMap.Nothing);
        }
        Pictures = [.. session.Pictures.Where(picture => picture.Features is not null && (picture.HasTruth || _wishesOf.Contains(picture)))];
    }

    /// <summary>The pictures that there is something to be judged of.</summary>
    public IReadOnlyList<SessionPicture> Pictures { get; }

    /// <summary>What became of the wishes, in their order.</summary>
    public IReadOnlyList<WishFinding> Wishes => [.. _wishes.Select(wish => _found[wish])];

    /// <summary>What was counted against the ground truth.</summary>
    public TruthFinding? Truth
    {
        get
        {
            if (_counts is null || !Pictures.Any(picture => picture.HasTruth))
                return null;
            var areas = _counts.Areas();
            var ious = Enumerable.Range(0, _match!.InTruth).Select(areas.Iou).ToArray();
            return new TruthFinding(_counted, ious.Average(), [.. _match.Names.Select((name, i) => new ClassFinding(name, i < ious.Length ? ious[i] : null))]) { Error = _truth!.Error };
        }
    }

    /// <summary>Judges a picture; in the engine's turn.</summary>
    public void Judge(int index, CancellationToken cancellationToken)
    {
        var picture = Pictures[index];
        ushort[]? map = null;
        var size = JudgedSize.Of(picture.Size);
        var isByArea = _options.AreaThreshold > 0;
        if (_truth?.Find(picture) is { } truth)
        {
            var predicted = Label(picture, truth.Width, truth.Height, cancellationToken);
            map = (truth.Width, truth.Height) == size && (isByArea || size == picture.Size) ? predicted : null;
            Count(predicted, truth);
        }
        if (!_wishesOf.Contains(picture))
            return;
        if (isByArea)
            map ??= Label(picture, size.Width, size.Height, cancellationToken);
        foreach (var wish in _wishesOf[picture])
            _found[wish] = Judge(wish, map is null ? LabelsAt(wish) : [.. wish.Pixels.Select(pixel => (int)map[(long)pixel.Y * size.Height / picture.Size.Height * size.Width + (long)pixel.X * size.Width / picture.Size.Width])]);
    }

    private ushort[] Label(SessionPicture picture, int width, int height, CancellationToken cancellationToken) =>
        _session.Engine.Labeller.Label(picture.Features!, LiveLabelling.Input(picture, width, height), _embeddings, _options, cancellationToken).LabelMap;

    private void Count(ushort[] predicted, TruthMap truth)
    {
        var (prediction, actual) = (ArrayPool<ushort>.Shared.Rent(predicted.Length), ArrayPool<ushort>.Shared.Rent(predicted.Length));
        for (var i = 0; i < predicted.Length; i++)
            (prediction[i], actual[i]) = (_match!.OfTyped[predicted[i]], truth.Labels[i] == TruthMap.Nothing ? LabelMap.Nothing : truth.Labels[i]);
        _counts!.Add(prediction.AsSpan(0, predicted.Length), actual.AsSpan(0, predicted.Length));
        ArrayPool<ushort>.Shared.Return(prediction);
        ArrayPool<ushort>.Shared.Return(actual);
        _counted++;
    }

    private int[] LabelsAt(PlacedWish wish)
    {
        var features = _session.Judge.Samples.Of(wish);
        var (found, cosines) = (new int[wish.Pixels.Count], new float[_labels.Names.Count]);
        for (var i = 0; i < found.Length; i++)
            found[i] = NameCompetition.Of(features.AsSpan(i * _embeddings.Dimension, _embeddings.Dimension), _embeddings, (float)_options.LogitScale, cosines).Label(_embeddings, (float)_options.ProbabilityThreshold);
        return found;
    }

    private WishFinding Judge(PlacedWish wish, int[] found)
    {
        var share = (double)found.Count(label => label == wish.Class) / found.Length;
        return new WishFinding(wish.Wish.Id, share >= 0.5, Math.Round(share, 4), _labels.Classes[found.CountBy(label => label).MaxBy(count => count.Value).Key].Name);
    }
}
