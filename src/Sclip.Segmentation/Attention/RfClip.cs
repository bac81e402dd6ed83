using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// RF-CLIP, refocusing CLIP (arXiv 2511.16170), as its authors' code has it (liblacklucy/RF-CLIP), since that is where its figures came from. Behind each block,
/// patches in which one of eight channels stands out (<see cref="SinkPatches"/>), which distract the others, are moved by alpha = 0.4 towards the mean of those
/// around them. The guide g is the mean of all blocks' outputs, S the cosines of its patches, those below beta = 0.4 set to 0; z is S times the patches of what
/// enters the last block, and S g, CLS left as it is. The last block attends, from both, by the mean over all blocks of softmax(k kT), and the two are averaged:
/// no residual, no MLP. Softmax is over CLS, too, which is then left out, so that rows add up to less than 1.
/// Names: those within a distance of each other (<see cref="NameClusters"/>) form a cluster, of which the one most like the whole picture leads; leaders are moved
/// a little towards the two patches most like them. The whole picture's own cosines with names are mixed into those of patches.
/// The paper goes further: it finds the target's patches by graph cut, and gives them the attention that distractions lose. The code has the second half of that,
/// switched off. Channels are published for the widths of ViT-B and ViT-L, and of OpenAI's weights. The last three numbers are tuned to each data set there;
/// those of ADE20K stand here, as for <see cref="ResClip"/>. On Cityscapes, where each window stands for itself, the authors leave the whole picture out.
/// </summary>
/// <param name="channels">The channels; null for those of the model's width.</param>
/// <param name="share">How many times the mean a channel needs to stand out.</param>
internal sealed class RfClip(IReadOnlyList<int>? channels = null, float share = RfClip.ShareOfSinks) : IPictureTokenMethod
{
    private const float ShareOfSinks = 5, Alpha = 0.4f, Beta = 0.4f;
    private const float ShareOfPicture = 0.3f, ShareOfPatches = 0.05f, MostDistance = 0.06f;
    private const int BestPatches = 2;

    private static readonly Dictionary<int, int[]> ChannelsOfWidth = new()
    {
        [768] = [4, 162, 189, 326, 429, 474, 633, 713],
        [1024] = [250, 261, 437, 650, 720, 779, 936, 1005],
    };

    // Of the names that were asked for last, since every window asks for the same.
    private volatile KnownNames? _known;

    public bool ReadsNames => true;

    public IReadOnlyList<int> Outputs(int blocks) => [0];

    public string? Refusal(ClipConfig config) => channels is not null || ChannelsOfWidth.ContainsKey(config.Vision.Width)
        ? null
        : $"calms channels that are known for the widths {string.Join(" and ", ChannelsOfWidth.Keys)} alone; this model's vision transformer has {config.Vision.Width}. It takes OpenAI's ViT-B and ViT-L.";

    public WindowFeatures Features(WindowTower window)
    {
        var (algebra, last) = (window.Algebra, window.Last);
        var (keys, outputs) = Blocks(window);
        var guide = algebra.Keep(outputs[0].Rows, outputs[0].Columns, () => 1f / last * outputs[1..].Aggregate((sum, output) => sum + output));
        var patches = guide.RowsFrom(1);
        var alike = algebra.Keep(patches.Rows, patches.Rows, () =>
        {
            var unit = patches.UnitRows();
            return unit.TimesTransposed(unit).ReplaceBelow(Beta, 0);
        });
        BlockInput[] inputs = [.. ((Matrix[])[outputs[last - 1], guide]).Select(z => window.Input(last, algebra.Stack(z.RowRange(0, 1), alike * z.RowsFrom(1))))];
        var context = 1f / inputs.Length * Attend(window, keys, inputs);
        return new WindowFeatures(window.Blocks.Project(window.Blocks.ProjectOut(last, context)), window.Blocks.Project(outputs[last].RowRange(0, 1)));
    }

    public Matrix PictureToken(WindowTower picture) => picture.Blocks.Project(Blocks(picture).Outputs[picture.Last].RowRange(0, 1));

    public Matrix Logits(WindowTower window, WindowFeatures features)
    {
        var patches = features.Patches.UnitRows();
        var picture = (window.PictureToken ?? features.ClassToken!).UnitRows().TimesTransposed(window.Names);
        return (1 - ShareOfPicture) * patches.TimesTransposed(Prompts(window.Names, patches, picture)) + ShareOfPicture * picture;
    }

    /// <summary>The names' embeddings for a window, leaders of clusters moved.</summary>
    /// <param name="names">The names' own, of unit length.</param>
    /// <param name="patches">The window's patches, of unit length.</param>
    /// <param name="picture">Cosines of the whole picture with names, <c>[1, names]</c>.</param>
    internal Matrix Prompts(Matrix names, Matrix patches, Matrix picture)
    {
        var likely = picture.ToArray();
        int[] leaders = [.. Clusters(names).Select(cluster => cluster.MaxBy(name => likely[name]))];
        var own = names.TakeRows(leaders);
        var best = Best(own.TimesTransposed(patches)) * patches;
        var moved = ((1 - ShareOfPatches) * own + ShareOfPatches * best.UnitRows()).UnitRows();
        int[] order = [.. Enumerable.Range(0, names.Rows)];
        foreach (var (row, leader) in leaders.Index())
            order[leader] = names.Rows + row;
        return names.Algebra.Stack(names, moved).TakeRows(order);
    }

    /// <summary>The clusters of names, each with its names' numbers.</summary>
    internal int[][] Clusters(Matrix names)
    {
        var values = names.ToArray();
        if (_known is { } known && known.Values.AsSpan().SequenceEqual(values))
            return known.Clusters;
        var clusters = NameClusters.Of(names.TimesTransposed(names).Scale(-1, 1).ToArray(), names.Rows, MostDistance);
        _known = new(values, clusters);
        return clusters;
    }

    /// <summary>Equal shares of the best patches for each name, <c>[names, patches]</c>.</summary>
    private static Matrix Best(Matrix cosines)
    {
        var (values, kept) = (cosines.ToArray(), Math.Min(BestPatches, cosines.Columns));
        var shares = new float[values.Length];
        for (var first = 0; first < values.Length; first += cosines.Columns)
            foreach (var patch in Enumerable.Range(first, cosines.Columns).OrderByDescending(patch => values[patch]).Take(kept))
                shares[patch] = 1f / kept;
        return cosines.Algebra.From(shares, cosines.Rows, cosines.Columns);
    }

    /// <summary>The keys of all blocks but the last, and what enters the first block, then the calmed outputs of each.</summary>
    private (Matrix[] Keys, Matrix[] Outputs) Blocks(WindowTower window)
    {
        var outputs = new List<Matrix> { window.Output(0) };
        var (algebra, rows, columns) = (window.Algebra, outputs[0].Rows, outputs[0].Columns);
        Matrix[] keys = [.. Enumerable.Range(1, window.Last - 1).Select(_ => algebra.Zeros(rows, columns))];
        for (var block = 1; block <= window.Last; block++)
            outputs.Add(algebra.Keep(rows, columns, () =>
            {
                var input = window.Input(block, outputs[^1]);
                if (block < window.Last)
                    keys[block - 1].Set(input.Key);
                var context = window.Attend(input.Value, head => window.Softmax(input.Query, input.Key, head));
                return Calm(window, window.Blocks.AddMlp(block, outputs[^1] + window.Blocks.ProjectOut(block, context)));
            }));
        return (keys, [.. outputs]);
    }

    private Matrix Calm(WindowTower window, Matrix x)
    {
        var patches = x.RowsFrom(1);
        var sinks = SinkPatches.Find(patches, channels ?? ChannelsOfWidth[x.Columns], share);
        return x.Algebra.Stack(x.RowRange(0, 1), SinkPatches.Calm(patches, sinks, window.GridHeight, window.GridWidth, Alpha));
    }

    /// <summary>The heads' contexts of the patches, summed up over both inputs of the last block.</summary>
    private static Matrix Attend(WindowTower window, Matrix[] keys, BlockInput[] inputs)
    {
        var tokens = inputs[0].Value.Rows;
        var context = window.Algebra.Zeros(tokens - 1, inputs[0].Value.Columns);
        window.Watched?.Begin();
        for (var head = 0; head < window.Heads; head++)
        {
            window.CancellationToken.ThrowIfCancellationRequested();
            using var scope = window.Algebra.Scope();
            var shared = window.Sum(tokens, keys.Length, i => window.Softmax(keys[i], keys[i], head));
            foreach (var input in inputs)
            {
                var map = (1f / window.Last * (shared + window.Softmax(input.Key, input.Key, head))).Part(1, tokens - 1, 1, tokens - 1);
                window.Watched?.Add(map);
                window.Head(context, head).Set(window.Head(context, head) + map * window.Head(input.Value.RowsFrom(1), head));
            }
        }
        return context;
    }

    private sealed record KnownNames(float[] Values, int[][] Clusters);
}
