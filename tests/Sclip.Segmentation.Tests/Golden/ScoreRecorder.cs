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

    public float Margin(int pixel)
    {
        var sorted = Enumerable.Range(0, classes).Select(label => Scores[label * height * width + pixel]).OrderDescending().ToArray();
        return sorted.Length < 2 ? float.PositiveInfinity : sorted[0] - sorted[1];
    }
}
