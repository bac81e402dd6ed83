namespace Sclip.Segmentation;

/// <summary>
/// Receives the class scores of one picture piece by piece, since a whole <c>[classes, height, width]</c> tensor of a large picture
/// does not fit in memory.
/// </summary>
public interface IScoreSink
{
    /// <summary>
    /// Takes the scores of one class for some rows: softmax over all names, the best name of the class, after the area threshold.
    /// Every class and row comes exactly once; rows of a class come from the top down.
    /// </summary>
    /// <param name="classIndex">The class.</param>
    /// <param name="firstRow">The first row, in pixels of the label map.</param>
    /// <param name="scores">Whole rows, <c>[rows, width]</c>, each in 0..1.</param>
    void Write(int classIndex, int firstRow, ReadOnlySpan<float> scores);
}
