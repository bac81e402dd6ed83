namespace Sclip.Evaluation.Metrics;

/// <summary>Keeps the pictures of the lowest mean IoU; of two alike the first by name, so that the order in which they come does not matter.</summary>
internal sealed class WorstPictures(int count)
{
    private readonly SortedSet<PictureScore> _worst = new(Comparer<PictureScore>.Create((a, b) =>
        a.MeanIou != b.MeanIou ? a.MeanIou.CompareTo(b.MeanIou) : string.CompareOrdinal(a.Picture, b.Picture)));

    public IReadOnlyList<PictureScore> All => [.. _worst];

    public void Add(PictureScore score)
    {
        _worst.Add(score);
        if (_worst.Count > count)
            _worst.Remove(_worst.Max!);
    }
}
