using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Guides;

namespace Sclip.Segmentation.Vision;

/// <summary>
/// One window as methods see it: the outputs of the model's blocks, the blocks' parts, to be put together anew, and the window's pixels. Not for several
/// threads at a time.
/// </summary>
/// <param name="blocks">The model's blocks.</param>
/// <param name="config">Its architecture.</param>
/// <param name="cut">The window's size.</param>
/// <param name="outputs">The output of a block, of those that the method asked for.</param>
/// <param name="pixels">The window, normalised, <c>[3, height, width]</c>; asked for by few.</param>
internal sealed class WindowTower(IClipBlocks blocks, ClipConfig config, WindowSize cut, Func<int, Matrix> outputs, Func<float[]> pixels)
{
    private float[]? _pixels;

    public MatrixAlgebra Algebra => blocks.Algebra;

    /// <summary>The model's parts.</summary>
    public IClipBlocks Blocks => blocks;

    /// <summary>Blocks of the model: the last one's number.</summary>
    public int Last => config.Vision.Layers;

    public int Heads => config.Vision.Heads;

    public int HeadDimension => config.Vision.Width / config.Vision.Heads;

    /// <summary>Size of projected features.</summary>
    public int EmbeddingSize => config.EmbeddingSize;

    /// <summary>s = 1 / sqrt(head dimension).</summary>
    public float Scale => 1 / MathF.Sqrt(HeadDimension);

    /// <summary>Patches of the window from top to bottom.</summary>
    public int GridHeight => Patches.Along(cut.Height);

    /// <summary>Patches from left to right.</summary>
    public int GridWidth => Patches.Along(cut.Width);

    /// <summary>Size of the window in pixels.</summary>
    public WindowSize Size => cut;

    /// <summary>The window, normalised, <c>[3, height, width]</c>.</summary>
    public float[] Pixels => _pixels ??= pixels();

    /// <summary>The names' embeddings, of unit length, <c>[names, embedding size]</c>; for methods that read names.</summary>
    public Matrix Names => GivenNames ?? throw new InvalidOperationException("A method that reads names has to say so.");

    /// <summary>The same; null for methods that do not.</summary>
    public Matrix? GivenNames { get; init; }

    /// <summary>The feature of the whole picture, <c>[1, embedding size]</c>, for methods that look at it (<see cref="Attention.IPictureTokenMethod"/>); null where the window is all of it.</summary>
    public Matrix? PictureToken { get; init; }

    /// <summary>How the window is cut into patches.</summary>
    public PatchCut Patches { get; init; } = PatchCut.Whole(config.PatchSize);

    /// <summary>How the model's positions come to the window's grid.</summary>
    public PositionResizing Positions { get; init; }

    /// <summary>The guide; null where there is none.</summary>
    public GuideTransformer? Guide { get; init; }

    /// <summary>Checked between blocks and between heads.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Which token's attention is watched, and where its weights are summed up over heads; null where none is.</summary>
    public WatchedToken? Watched { get; init; }

    /// <summary>The output of a block, <c>[tokens, width]</c>, of those that the method asked for.</summary>
    public Matrix Output(int block) => outputs(block);

    /// <summary>The guide's patches of the window from top to bottom, and from left to right.</summary>
    public (int Rows, int Columns) GuideGrid => RequiredGuide.Grid(cut.Height, cut.Width);

    private GuideTransformer RequiredGuide => Guide ?? throw new InvalidOperationException("A method that needs a guide has to say so.");

    /// <summary>What the guide makes of the window; for methods that need one.</summary>
    public GuideFeatures GuideFeatures(GuideOutput output = GuideOutput.Tokens) => RequiredGuide.Features(Algebra, Pixels, cut.Height, cut.Width, output);

    /// <summary>The outputs of blocks, counted from 0, over other pixels of this window's size: of a changed picture.</summary>
    /// <param name="planes">Normalised, <c>[3, height, width]</c>.</param>
    public IReadOnlyList<Matrix> OutputsOver(float[] planes)
    {
        var outputs = new List<Matrix> { blocks.Embed(planes, cut.Height, cut.Width, Patches, Positions) };
        for (var block = 1; block < Last; block++)
        {
            CancellationToken.ThrowIfCancellationRequested();
            outputs.Add(Algebra.Keep(outputs[0].Rows, outputs[0].Columns, () => Block(block, outputs[^1])));
        }
        return outputs;
    }

    /// <summary>What the attention of a block that follows these tokens works on.</summary>
    public BlockInput Input(int block, Matrix x) => blocks.Input(block, x);

    /// <summary>Columns of a head.</summary>
    public Matrix Head(Matrix all, int head) => all.ColumnRange(head * HeadDimension, HeadDimension);

    /// <summary>The heads' contexts side by side, <c>[queries, width]</c>: each head's weights <c>[queries, keys]</c> times its values.</summary>
    /// <param name="value">Values of all heads, <c>[keys, width]</c>.</param>
    /// <param name="weights">The attention weights of a head, made one at a time, since a map of all heads takes much memory.</param>
    public Matrix Attend(Matrix value, Func<int, Matrix> weights)
    {
        var context = Algebra.Zeros(value.Rows, value.Columns);
        Watched?.Begin();
        for (var head = 0; head < Heads; head++)
        {
            CancellationToken.ThrowIfCancellationRequested();
            using var scope = Algebra.Scope();
            var map = weights(head);
            Watched?.Add(map);
            Head(context, head).Set(map * Head(value, head));
        }
        return context;
    }

    /// <summary>softmax(a bT / sqrt(head dimension)) of a head.</summary>
    public Matrix Softmax(Matrix a, Matrix b, int head) => (Scale * Head(a, head)).TimesTransposed(Head(b, head)).Softmax();

    /// <summary>The sum of some maps, <c>[size, size]</c>, each of which is let go of at once: in large windows they are what takes memory.</summary>
    public Matrix Sum(int size, int count, Func<int, Matrix> map)
    {
        var sum = Algebra.Zeros(size, size);
        for (var i = 0; i < count; i++)
            using (Algebra.Scope())
                sum.Set(sum + map(i));
        return sum;
    }

    /// <summary>An ordinary block: x + attention(norm1(x)), then the MLP.</summary>
    public Matrix Block(int block, Matrix x)
    {
        var input = Input(block, x);
        return blocks.AddMlp(block, x + blocks.ProjectOut(block, Attend(input.Value, head => Softmax(input.Query, input.Key, head))));
    }
}
