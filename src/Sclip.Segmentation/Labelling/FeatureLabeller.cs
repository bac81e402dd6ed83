using Sclip.Contracts.Jobs;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Labelling;
using Sclip.Segmentation.Refinement;

namespace Sclip.Segmentation;

/// <summary>
/// Labels pictures from their kept features: the second half of the engine, on the CPU whatever computed them. One caller at a time, and not
/// beside the model's segmenter on the CPU; labellers of one model take turns.
/// </summary>
/// <param name="model">The model that embedded the labels; it stays the caller's.</param>
public sealed unsafe class FeatureLabeller(ClipModel model) : IDisposable
{
    private const int DigitsOfMatrix = 16;

    private readonly NamePanels _names = new();
    private readonly Scratch _scratch = new();

    /// <summary>The header that features of a picture have by this model under these settings.</summary>
    /// <param name="image">The picture's name.</param>
    /// <param name="options">Method and windows.</param>
    /// <param name="precision">What the engine computes in.</param>
    /// <param name="shortSide">Short side in pixels that pictures are resized to; 0 leaves them as they are.</param>
    /// <param name="encoding">How values are kept.</param>
    /// <param name="size">Size in pixels of the upright picture.</param>
    /// <param name="modelSize">Size in pixels that the model sees.</param>
    /// <exception cref="SegmentationException">The file that the method reads cannot be read, or it lacks its guide.</exception>
    public FeatureHeader Describe(
        string image, SegmentationOptions options, EnginePrecision precision, int shortSide, FeatureEncoding encoding, (int Width, int Height) size, (int Width, int Height) modelSize)
    {
        var cut = PatchCut.OfFeatures(model, options);
        return new FeatureHeader
        {
            Image = image,
            Model = model.Fingerprint,
            Weights = model.VisionFingerprint,
            Precision = EnginePrecisions.NameOf(precision),
            Method = NameOf(options.Method),
            Guide = DenseMethods.GuideFingerprint(options.Method, model),
            Width = size.Width,
            Height = size.Height,
            ModelWidth = modelSize.Width,
            ModelHeight = modelSize.Height,
            ShortSide = shortSide,
            Crop = options.Crop,
            Stride = options.Stride,
            Patch = cut.Size,
            PatchStride = cut.Step == cut.Size ? null : cut.Step,
            Padding = cut.PadTo == 1 ? null : cut.PadTo,
            Dimension = model.Config.EmbeddingSize,
            Encoding = FeatureEncodings.NameOf(encoding),
        }.WithVersion();
    }

    /// <summary>Labels one picture.</summary>
    /// <param name="features">Its features, by this model and under these windows and method, which the caller has checked (<see cref="FeatureHeader.DifferenceTo"/>).</param>
    /// <param name="picture">What is wanted of it, in the sizes of the features' header; its pixels, of the size that the model saw, are used by PAMR alone.</param>
    /// <param name="labels">Embeddings of the class names, of this model.</param>
    /// <param name="options">Windows, scale, thresholds and refinement.</param>
    /// <param name="cancellationToken">Checked between windows and bands of rows.</param>
    /// <exception cref="SegmentationException">The options do not fit the model, or the features.</exception>
    public SegmentationResult Label(
        FeatureFile features, SegmentationInput picture, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        SegmentationChecks.Labels(labels, model.Config, options);
        var header = features.Header;
        if (header.Dimension != labels.Dimension || header.Cut != PatchCut.OfFeatures(model, options) || header.Crop != options.Crop || (options.Crop > 0 && header.Stride != options.Stride))
            throw new SegmentationException("The features are another model's, or of other windows.");
        if (options.PamrSteps > 0)
            Pamr.CheckSize(picture.OutputHeight, picture.OutputWidth, options.PamrDilations.Count);
        // Engines of several devices may share a model, and each has a labeller.
        lock (model.Threads)
            return LabelInTurn(features, picture, labels, options, cancellationToken);
    }

    /// <summary>The cosine of one direction with every pixel of a picture, interpolated as a label map's are.</summary>
    /// <param name="features">The picture's features.</param>
    /// <param name="direction">A vector of unit length, <c>[dimension]</c>: a name's embedding, or the feature of a pixel.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="cancellationToken">Checked between windows and rows.</param>
    /// <returns>The map, <c>[height, width]</c>.</returns>
    public float[] CosineMap(FeatureFile features, float[] direction, int width, int height, CancellationToken cancellationToken = default)
    {
        var header = features.Header;
        var name = new LabelEmbeddings { Values = direction, Dimension = header.Dimension, ClassOfName = [0], ClassCount = 1 };
        var map = new float[width * height];
        lock (model.Threads)
        {
            using var panels = new NamePanels();
            using var open = Open(features, name, panels, new SegmentationOptions { Crop = header.Crop, Stride = header.Stride }, cancellationToken);
            var logits = open.Logits;
            var (rows, columns) = (BilinearResize.Taps(logits.Height, height), BilinearResize.Taps(logits.Width, width));
            model.Threads.For(height, (y, scratch) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = scratch.Get(Scratch.Slot.Row, logits.RowLength);
                using (var loan = logits.RentRows())
                    loan.Rows.Mix(rows[y], row);
                for (var x = 0; x < width; x++)
                    map[y * width + x] = columns[x].Mix(row[columns[x].First * logits.Stride], row[columns[x].Second * logits.Stride]);
            });
        }
        return map;
    }

    private SegmentationResult LabelInTurn(FeatureFile features, SegmentationInput picture, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        using var open = Open(features, labels, _names, options, cancellationToken);
        return open.Map(picture, () => model.Normalisation.Planes(picture), cancellationToken);
    }

    private PictureLabels Open(FeatureFile features, LabelEmbeddings labels, NamePanels names, SegmentationOptions options, CancellationToken cancellationToken)
    {
        var header = features.Header;
        var open = new PictureLabels(header.ModelHeight, header.ModelWidth, header.Cut, labels, names.Of(labels), options, model.Threads);
        try
        {
            long first = 0;
            foreach (var window in open.Windows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (gridHeight, gridWidth) = (header.Cut.Along(window.Height), header.Cut.Along(window.Width));
                var rowLength = gridWidth * header.Dimension;
                var values = _scratch.Get(Scratch.Slot.Features, (long)gridHeight * rowLength);
                for (var row = 0; row < gridHeight; row++, first += gridWidth)
                {
                    features.Read(first, new Span<float>(values + (nint)row * rowLength, rowLength));
                    if (!Widening.AreFinite(values + (nint)row * rowLength, rowLength))
                        throw new SegmentationException("Its kept features hold values that are no finite numbers.");
                }
                open.AddWindow(values, gridHeight, gridWidth, _scratch);
            }
            return open;
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    /// <summary>A method by all that features depend on: a matrix of a file by its content, since the file may become another.</summary>
    private static string NameOf(string method) => DenseMethods.ProjectionFingerprint(method) is { } matrix ? $"{DenseMethodNames.Split(method).Name}:{matrix[..DigitsOfMatrix]}" : method;

    /// <inheritdoc />
    public void Dispose()
    {
        _names.Dispose();
        _scratch.Dispose();
    }
}
