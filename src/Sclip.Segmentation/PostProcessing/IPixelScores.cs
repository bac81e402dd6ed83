namespace Sclip.Segmentation.PostProcessing;

/// <summary>The softmax scores of every pixel of the label map, computed a piece at a time.</summary>
internal interface IPixelScores
{
    /// <summary>Takes the winners of one row: the best class of each pixel, its score, and its doubt (<see cref="PixelDoubt"/>). Called from several threads, once a row.</summary>
    public delegate void RowOfWinners(int y, ReadOnlySpan<ushort> labels, ReadOnlySpan<float> scores, ReadOnlySpan<float> doubts);

    /// <summary>Finds each pixel's best class; where <paramref name="dropped"/> is given, the scores of those classes count as 0.</summary>
    void FindWinners(bool[]? dropped, RowOfWinners take, CancellationToken cancellationToken);

    /// <summary>Writes all class scores, those of dropped classes as 0.</summary>
    void WriteScores(bool[]? dropped, IScoreSink sink, CancellationToken cancellationToken);
}
