using System.Numerics.Tensors;
using Sclip.Segmentation;

namespace Sclip.Workbench.Judging;

/// <summary>The pixels that changes are tried on, those of the ground truth and those of the wishes in a row, with how the names that are sent compete at each.</summary>
internal sealed class TrialSamples
{
    /// <summary>Parts that the pictures with ground truth are divided into, at most.</summary>
    public const int MostFolds = 5;

    // Their features stay in the cache of a core while all names of a block pass over them.
    private const int TileLength = 64;

    private readonly int _dimension, _threads;
    private readonly List<(float[] Features, int First, int Start, int Length)> _tiles = [];

    /// <param name="pictures">Pixels with ground truth.</param>
    /// <param name="match">Their classes beside those that are typed; null where there are none.</param>
    /// <param name="wishes">Wishes, with the features of their pixels.</param>
    /// <param name="dimension">Values of a feature.</param>
    /// <param name="threads">Threads that compute.</param>
    public TrialSamples(IReadOnlyList<TruthSample> pictures, ClassMatch? match, IReadOnlyList<(PlacedWish Wish, float[] Features)> wishes, int dimension, int threads)
    {
        (_dimension, _threads, Match, Wishes, Folds) = (dimension, threads, match, [.. wishes.Select(item => item.Wish)], Math.Min(MostFolds, pictures.Count));
        Count = pictures.Sum(picture => picture.Truth.Length) + wishes.Sum(item => item.Wish.Pixels.Count);
        (Truth, Fold, WishOf) = (new byte[Count], new byte[Count], new int[Count]);
        TruthPixels = new int[Folds * (match?.InTruth ?? 0)];
        var next = 0;
        foreach (var (i, picture) in pictures.Index())
        {
            var fold = (byte)(i % Folds);
            picture.Truth.CopyTo(Truth, next);
            Fold.AsSpan(next, picture.Truth.Length).Fill(fold);
            WishOf.AsSpan(next, picture.Truth.Length).Fill(-1);
            foreach (var label in picture.Truth)
                TruthPixels[fold * match!.InTruth + label]++;
            next = AddTiles(picture.Features, next, picture.Truth.Length);
        }
        foreach (var (i, (wish, features)) in wishes.Index())
        {
            WishOf.AsSpan(next, wish.Pixels.Count).Fill(i);
            next = AddTiles(features, next, wish.Pixels.Count);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Classes of the ground truth beside those that are typed.</summary>
    public ClassMatch? Match { get; }

    /// <summary>The wishes.</summary>
    public IReadOnlyList<PlacedWish> Wishes { get; }

    /// <summary>Parts of the pictures with ground truth; as many as there are pictures, where they are few.</summary>
    public int Folds { get; }

    /// <summary>The wish of each sample; -1 of those with ground truth.</summary>
    public int[] WishOf { get; }

    /// <summary>The class of each by the ground truth, and the part of its picture.</summary>
    public byte[] Truth { get; }

    /// <inheritdoc cref="Truth" />
    public byte[] Fold { get; }

    /// <summary>Pixels of the classes of the ground truth, <c>[folds, classes]</c>.</summary>
    public int[] TruthPixels { get; }

    /// <summary>Cosines of names with all samples, <c>[names][samples]</c>.</summary>
    public float[][] Cosines(IReadOnlyList<float[]> names, CancellationToken cancellationToken)
    {
        var cosines = names.Select(_ => new float[Count]).ToArray();
        Parallel.For(0, _tiles.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _threads }, tile =>
        {
            var (features, first, start, length) = _tiles[tile];
            for (var name = 0; name < cosines.Length; name++)
                for (var i = 0; i < length; i++)
                    cosines[name][first + i] = TensorPrimitives.Dot(features.AsSpan((start + i) * _dimension, _dimension), names[name]);
        });
        return cosines;
    }

    /// <summary>Lets names compete at all samples.</summary>
    public NameCompetition[] Competitions(LabelEmbeddings labels, float scale, CancellationToken cancellationToken)
    {
        var competitions = new NameCompetition[Count];
        Parallel.For(0, _tiles.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _threads }, () => new float[labels.ClassOfName.Length], (tile, _, cosines) =>
        {
            var (features, first, start, length) = _tiles[tile];
            for (var i = 0; i < length; i++)
                competitions[first + i] = NameCompetition.Of(features.AsSpan((start + i) * _dimension, _dimension), labels, scale, cosines);
            return cosines;
        }, _ => { });
        return competitions;
    }

    private int AddTiles(float[] features, int first, int count)
    {
        for (var start = 0; start < count; start += TileLength)
            _tiles.Add((features, first + start, start, Math.Min(TileLength, count - start)));
        return first + count;
    }
}
