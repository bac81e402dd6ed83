namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>Keeps all class scores, <c>[classes, height, width]</c>, and checks that each class and row comes once, from the top down.</summary>
internal sealed class ScoreRecorder(int classes, int height, int width) : IScoreSink
{
    private readonly int[] _nextRow = new int[classes];

    public float[] Scores { get; } = new float[classes * height * width];

    public bool Complete => _nextRow.All(row => row == height);

    public void Write(int classIndex, int firstRow, ReadOnlySpan<float> scores)
    {
        Assert.Equal(_nextRow[classIndex], firstRow);
        scores.CopyTo(Scores.AsSpan((classIndex * height + firstRow) * width));
        _nextRow[classIndex] += scores.Length / width;
    }

    /// <summary>The scores of each class every so many pixels down and across.</summary>
    public float[] Every(int step) =>
    [
        .. from label in Enumerable.Range(0, classes)
           from y in Enumerable.Range(0, (height + step - 1) / step)
           from x in Enumerable.Range(0, (width + step - 1) / step)
           select Scores[(label * height + y * step) * width + x * step],
    ];

    /// <summary>How clear a pixel's label is: the distance of its best score from the second, and from the threshold below which it is background.</summary>
    public float Margin(int pixel, float threshold = 0)
    {
        var sorted = Enumerable.Range(0, classes).Select(label => Scores[label * height * width + pixel]).OrderDescending().ToArray();
        var second = sorted.Length < 2 ? float.NegativeInfinity : sorted[1];
        return MathF.Min(sorted[0] - second, MathF.Abs(sorted[0] - threshold));
    }
}
