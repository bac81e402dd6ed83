using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// ITACLIP (arXiv 2411.12044). With B_l = softmax(q qT) + softmax(k kT) of block l, of twelve, the last block attends by 1/2 B_12 + 1/2 mean(B_7, B_8, B_10); its
/// residual is kept, its MLP dropped.
/// Image engineering, where it is asked for: features of unit length of the window, of a grey and of a blurred copy are averaged; their logits count 3/4, the mean
/// of those of the copies upside down and left to right, turned back, 1/4.
/// What the authors' code (m-arda-aydn/ITACLIP) does beyond that, and so does this: grey and blurred copies are made of the normalised picture, averaged features
/// are not brought to unit length again, and the finished label map is closed (<see cref="PostProcessing.LabelMapClosing"/>). Its definitions by a language model,
/// mixed into the names' embeddings, are not part of this.
/// </summary>
internal sealed class ItaClip(bool engineering) : IWindowMethod
{
    private const float ShareOfLast = 0.5f, ShareOfFlips = 0.25f;
    private const int BlurRadius = 5;
    private const float BlurSigma = 5;

    private static readonly int[] MiddleBlocks = [7, 8, 10];

    public bool ReadsNames => engineering;

    public string? Refusal(ClipConfig config) => NumberedBlocks.Refusal(config);

    public IReadOnlyList<int> Outputs(int blocks) => [.. Middle(blocks).Select(block => block - 1), blocks - 1];

    public WindowFeatures Features(WindowTower window) => WindowFeatures.OfTokens(Tokens(window, window.Output));

    public Matrix Logits(WindowTower window, WindowFeatures features)
    {
        var (pixels, size, height, width) = (window.Pixels, window.Size, window.GridHeight, window.GridWidth);
        var (grey, blurred) = (UnitPatches(window, PixelPlanes.Grey(pixels)), UnitPatches(window, PixelPlanes.Blur(pixels, size, BlurRadius, BlurSigma)));
        var copies = 1f / 3 * (features.Patches.UnitRows() + grey + blurred);
        var upsideDown = Turned(PixelPlanes.FlipRows(pixels, size), patch => (height - 1 - patch / width) * width + patch % width);
        var leftToRight = Turned(PixelPlanes.FlipColumns(pixels, size), patch => patch / width * width + width - 1 - patch % width);
        return (1 - ShareOfFlips) * copies.TimesTransposed(window.Names) + ShareOfFlips / 2 * (upsideDown + leftToRight);

        Matrix Turned(float[] planes, Func<int, int> back) => Reordered(UnitPatches(window, planes).TimesTransposed(window.Names), back);
    }

    private static IEnumerable<int> Middle(int blocks) => MiddleBlocks.Select(block => NumberedBlocks.Of(block, blocks));

    /// <summary>The patches' features, of unit length, of a changed window.</summary>
    private static Matrix UnitPatches(WindowTower window, float[] planes) => window.Algebra.Keep(window.GridHeight * window.GridWidth, window.EmbeddingSize, () =>
    {
        var outputs = window.OutputsOver(planes);
        return Tokens(window, block => outputs[block]).RowsFrom(1).UnitRows();
    });

    /// <summary>The features of all tokens, from the outputs of blocks.</summary>
    private static Matrix Tokens(WindowTower window, Func<int, Matrix> output)
    {
        var before = output(window.Last - 1);
        var last = window.Input(window.Last, before);
        BlockInput[] middle = [.. Middle(window.Last).Select(block => window.Input(block, output(block - 1)))];
        (float Share, BlockInput Input)[] all = [(ShareOfLast, last), .. middle.Select(input => ((1 - ShareOfLast) / middle.Length, input))];
        var context = window.Attend(last.Value, head => Weights(window, all, head));
        return window.Blocks.Project(before + window.Blocks.ProjectOut(window.Last, context));
    }

    /// <summary>A head's B of some blocks, each by its share.</summary>
    private static Matrix Weights(WindowTower window, (float Share, BlockInput Input)[] blocks, int head) => window.Sum(blocks[0].Input.Value.Rows, blocks.Length, i =>
    {
        var (share, input) = blocks[i];
        return share * (window.Softmax(input.Query, input.Query, head) + window.Softmax(input.Key, input.Key, head));
    });

    /// <summary>The rows of a matrix in another order.</summary>
    private static Matrix Reordered(Matrix rows, Func<int, int> source)
    {
        var (values, reordered) = (rows.ToArray(), new float[rows.Rows * rows.Columns]);
        for (var row = 0; row < rows.Rows; row++)
            values.AsSpan(source(row) * rows.Columns, rows.Columns).CopyTo(reordered.AsSpan(row * rows.Columns));
        return rows.Algebra.From(reordered, rows.Rows, rows.Columns);
    }
}
