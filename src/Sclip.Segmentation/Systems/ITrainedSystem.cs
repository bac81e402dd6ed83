using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems;

/// <summary>
/// The vision side of a model that brings its own way of segmenting: an <see cref="IScoringSystem"/>, or an <see cref="IFeatureSystem"/>. Written on
/// matrices, it runs on every backend that makes its layers.
/// </summary>
internal interface ITrainedSystem : IDisposable;

/// <summary>
/// A system that scores the names itself. Its scores are final: they are averaged over windows, resized and compared, and no softmax follows.
/// </summary>
internal interface IScoringSystem : ITrainedSystem
{
    /// <summary>Rows and columns of the scores of a window: of its patches, its pixels, or what lies between; they are stretched over the window.</summary>
    WindowSize ScoreGrid(WindowSize window);

    /// <summary>
    /// Scores in 0..1, <c>[rows * columns of the grid, names]</c>; where the window has a background threshold a column more, in front: the background's.
    /// </summary>
    Matrix Scores(SystemWindow window);
}

/// <summary>A system whose dense features are compared with names as CLIP's are: cosines, averaged over windows, then a softmax.</summary>
internal interface IFeatureSystem : ITrainedSystem
{
    /// <summary>The dense features of a window, not of unit length, <c>[patches, embedding size]</c>.</summary>
    Matrix Features(SystemWindow window);
}

/// <summary>One window as systems see it.</summary>
/// <param name="Algebra">Where matrices are made.</param>
/// <param name="Planes">Its pixels, normalised, <c>[3, height, width]</c>.</param>
/// <param name="Size">Its size in pixels.</param>
internal sealed record SystemWindow(MatrixAlgebra Algebra, float[] Planes, WindowSize Size)
{
    /// <summary>Embeddings of the names that are asked for, of unit length, <c>[names, embedding size]</c>: not those of the background where it has a threshold. For scoring systems alone.</summary>
    public Matrix? Names { get; init; }

    /// <summary>Checked between blocks.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The score that pixels need not to be background; null where there is no background, or it is asked for by its names.</summary>
    public float? BackgroundThreshold { get; init; }
}
