namespace Sclip.Segmentation;

/// <summary>Takes the features of a picture as they are computed, window by window.</summary>
public interface IFeatureSink
{
    /// <summary>Takes a window's; where an engine begins a picture again, the same window may come again.</summary>
    /// <param name="window">Its index among the picture's windows, row by row.</param>
    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Patches of a row.</param>
    /// <param name="features">Dense features of unit length, <c>[gridHeight * gridWidth, dimension]</c>; only valid during the call.</param>
    void Write(int window, int gridHeight, int gridWidth, ReadOnlySpan<float> features);
}
