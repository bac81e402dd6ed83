using Sclip.Segmentation;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>
/// Features of the pixels that wishes and suggestions are judged by, read once and held as long as they are wanted: of a wish as long as it stands, of pictures with ground
/// truth as long as the session. Only in the engine's turn, and so by one at a time.
/// </summary>
/// <param name="session">The session.</param>
internal sealed class PixelSamples(Session session)
{
    /// <summary>Pixels of a picture with ground truth, about: a regular grid.</summary>
    public const int MostOfPicture = 2000;

    /// <summary>Bytes that the features of all pictures with ground truth may have; of many pictures fewer pixels are taken of each.</summary>
    public const long MostBytes = 128L << 20;

    private readonly Dictionary<(int Picture, int X, int Y, int Width, int Height), float[]> _wishes = [];
    private readonly Dictionary<int, TruthSample?> _pictures = [];
    private readonly int _dimension = session.Engine.Model.Config.EmbeddingSize;

    /// <summary>Forgets what belongs to no wish any more.</summary>
    public void Keep(IEnumerable<PlacedWish> wishes)
    {
        var kept = wishes.Select(KeyOf).ToHashSet();
        foreach (var key in _wishes.Keys.Where(key => !kept.Contains(key)).ToArray())
            _wishes.Remove(key);
    }

    /// <summary>Features of a wish's pixels, <c>[pixels, dimension]</c>.</summary>
    public float[] Of(PlacedWish wish)
    {
        if (!_wishes.TryGetValue(KeyOf(wish), out var features))
            _wishes[KeyOf(wish)] = features = Read(wish.Picture, wish.Pixels);
        return features;
    }

    /// <summary>A sample of a picture's pixels that count; null where its ground truth cannot be read.</summary>
    public TruthSample? Of(SessionPicture picture, TruthMaps maps)
    {
        if (_pictures.TryGetValue(picture.Index, out var found))
            return found;
        return _pictures[picture.Index] = maps.Find(picture) is { } truth ? Sample(picture, truth) : null;
    }

    private TruthSample Sample(SessionPicture picture, TruthMap truth)
    {
        var most = Math.Clamp(MostBytes / sizeof(float) / _dimension / session.Pictures.Count(other => other.HasTruth), 1, MostOfPicture);
        var (width, height) = picture.Size;
        var step = Math.Max(1, (int)Math.Ceiling(Math.Sqrt((double)width * height / most)));
        (int X, int Y)[] pixels =
        [
            .. from y in Enumerable.Range(0, (height + step / 2) / step)
               from x in Enumerable.Range(0, (width + step / 2) / step)
               select (Math.Min(x * step + step / 2, width - 1), Math.Min(y * step + step / 2, height - 1)) into pixel
               where truth.At(pixel.Item1, pixel.Item2, picture.Size) != TruthMap.Nothing
               select pixel,
        ];
        return new TruthSample(picture, Read(picture, pixels), Array.ConvertAll(pixels, pixel => truth.At(pixel.X, pixel.Y, picture.Size)));
    }

    private float[] Read(SessionPicture picture, IReadOnlyList<(int X, int Y)> pixels)
    {
        var features = new float[pixels.Count * _dimension];
        var reader = new PixelFeatures(picture.Features!);
        for (var i = 0; i < pixels.Count; i++)
            reader.Read(pixels[i].X, pixels[i].Y, features.AsSpan(i * _dimension, _dimension));
        return features;
    }

    private static (int Picture, int X, int Y, int Width, int Height) KeyOf(PlacedWish placed) =>
        placed.Wish is var wish ? (wish.Picture, wish.X, wish.Y, wish.Width, wish.Height) : default;
}

/// <summary>Pixels of a picture with ground truth.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Features">Their features, <c>[pixels, dimension]</c>.</param>
/// <param name="Truth">Their classes.</param>
internal sealed record TruthSample(SessionPicture Picture, float[] Features, byte[] Truth);
