namespace Sclip.Segmentation;

/// <summary>
/// Turns pictures and label embeddings into label maps. The seam for other hardware: an implementation owns everything between
/// pixels and label map, in two halves. Features of windows come first, which cost nearly all and know of no name; they go to
/// <see cref="SegmentationInput.Features"/> where that is wanted. Labels are made of features then; of kept ones <see cref="FeatureLabeller"/> makes them.
/// </summary>
public interface ISegmenter : IDisposable
{
    /// <summary>Whether pictures may come in their full size (<see cref="SegmentationInput.ModelWidth"/>): the segmenter then resizes them itself.</summary>
    bool ResizesPictures => false;

    /// <summary>What it computes features in.</summary>
    EnginePrecision Precision => EnginePrecision.Float32;

    /// <summary>Pictures that a call should bring, so that forward passes are full; more would only hold more label maps.</summary>
    int PicturesAtOnce => 4;

    /// <summary>Refuses options that do not fit the model, before pictures are read.</summary>
    /// <param name="options">Method, windows, thresholds and refinement.</param>
    /// <param name="keepsFeatures">Whether features of pictures are to be kept.</param>
    /// <exception cref="SegmentationException">They do not fit; the message says what does.</exception>
    void Require(SegmentationOptions options, bool keepsFeatures)
    {
    }

    /// <summary>Labels a batch of pictures; windows of several pictures share a forward pass.</summary>
    /// <param name="pictures">The pictures (see <see cref="SegmentationInput"/>).</param>
    /// <param name="labels">Embeddings of the class names, of this model.</param>
    /// <param name="options">Method, windows, thresholds and refinement.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <returns>One result a picture, in the order given.</returns>
    /// <exception cref="SegmentationException">The options do not fit the model, or a picture does not fit the options.</exception>
    /// <exception cref="OutOfMemoryException">A picture does not fit into the device's memory.</exception>
    /// <exception cref="DeviceLostException">The device failed; the segmenter cannot be used any more.</exception>
    IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Labels the same pictures with each of several configurations, with the results that <see cref="Segment"/> gives for each. An engine may compute once what
    /// they have in common: methods begin with the same blocks.
    /// </summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="labels">Embeddings of the class names, of this model.</param>
    /// <param name="configurations">Method, windows, thresholds and refinement of each configuration.</param>
    /// <param name="cancellationToken">Checked between windows.</param>
    /// <returns>For each configuration, one result a picture, in the order given.</returns>
    /// <exception cref="SegmentationException">As <see cref="Segment"/>, and so are the others.</exception>
    IReadOnlyList<IReadOnlyList<SegmentationResult>> SegmentWithEach(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> configurations, CancellationToken cancellationToken = default) =>
        [.. configurations.Select(options => Segment(pictures, labels, options, cancellationToken))];
}
