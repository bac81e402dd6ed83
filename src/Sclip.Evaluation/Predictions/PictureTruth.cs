using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>
/// Masks of pictures, asked for by the pictures' whole names: <c>a.jpg</c> has <c>a.jpg.png</c>, else <c>a.png</c>. Their values are read as an evaluation
/// would read them, so that each is a class's place or <see cref="Void"/>.
/// </summary>
/// <param name="masks">The masks.</param>
/// <param name="ids">Values and what is read for them; null reads them as they are.</param>
/// <param name="ignore">The value of pixels that do not count; null counts all.</param>
/// <param name="reduceZeroLabel">Whether the classes begin with 1: 0 does not count either, and the others are one less.</param>
public sealed class PictureTruth(MaskFolder masks, IReadOnlyDictionary<int, int>? ids, int? ignore, bool reduceZeroLabel) : IGroundTruth
{
    private readonly IdTable? _ids = ids is null ? null : new IdTable(ids);

    /// <inheritdoc />
    public string Root => masks.Root;

    /// <summary>The value of pixels that do not count; null where all do.</summary>
    public int? Void => reduceZeroLabel ? LabelMap.Nothing : ignore;

    /// <inheritdoc />
    public bool IgnoresByPlan => false;

    /// <inheritdoc />
    public bool Has(string picture) => masks.Has(NameOf(picture));

    /// <inheritdoc />
    public IEnumerable<string> Without(MaskFolder predictions) => masks.Without(predictions);

    /// <inheritdoc />
    public string PathOf(string picture) => masks.PathOf(NameOf(picture));

    /// <inheritdoc />
    public LabelMap Read(string picture, ImageLimits limits, ColorCode? colors)
    {
        var map = masks.Read(NameOf(picture), limits, colors);
        _ids?.Apply(map);
        if (reduceZeroLabel)
            foreach (ref var label in map.Labels.AsSpan())
                label = label == 0 || label == ignore ? LabelMap.Nothing : (ushort)(label - 1);
        return map;
    }

    /// <inheritdoc />
    public bool IsSameAs(MaskFolder predictions) => masks.IsSameAs(predictions);

    /// <inheritdoc />
    public string Describe() => masks.Describe();

    private string NameOf(string picture) => !masks.Has(picture) && ImageDecoder.HasEnding(picture) ? Path.ChangeExtension(picture, null) : picture;
}
