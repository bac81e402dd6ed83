using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.SegClip;

/// <summary>
/// SegCLIP (arXiv 2211.14813): CLIP's patches, without the class token, are grouped by learnt centres, and each group is compared with the names. Computed is what the authors'
/// code (ArrowLuo/SegCLIP) does to label a single picture; from groups to scores it follows GroupViT's (<see cref="GroupScores"/>). Grids that it refuses get
/// positions resized.
/// </summary>
internal sealed class SegClipSystem : IScoringSystem
{
    private readonly SystemLayers _layers;
    private readonly ClipConfig _config;
    private readonly LinearLayer _patches, _projection;
    private readonly NormLayer _preNorm, _postNorm;
    private readonly GridPositions _positions;
    private readonly TransformerBlock[] _first, _second;
    private readonly SemanticGrouping _grouping;
    private readonly float _logitScale;

    public SegClipSystem(SystemLayers layers, ClipConfig config, SegClipConfig system)
    {
        (_layers, _config) = (layers, config);
        var (tensors, vision) = (layers.Tensors, config.Vision);
        _patches = PatchTokens.Patches(layers, "patches", config, bias: null);
        _positions = new(tensors.Read("positions", 1 + config.NativeGrid * config.NativeGrid, vision.Width)[vision.Width..], config.NativeGrid, vision.Width);
        (_preNorm, _postNorm) = (layers.Norm("pre_norm", vision.Width, vision.Epsilon), layers.Norm("post_norm", vision.Width, vision.Epsilon));
        _first = [.. Enumerable.Range(0, system.FirstLayers).Select(i => TransformerBlock.Load(layers, $"first.{i}", vision))];
        _second = [.. Enumerable.Range(0, system.SecondLayers).Select(i => TransformerBlock.Load(layers, $"second.{i}", vision))];
        _grouping = new SemanticGrouping(layers, vision, system);
        _projection = layers.Linear(tensors.Read("visual_projection.weight", config.EmbeddingSize, vision.Width), config.EmbeddingSize, vision.Width, null);
        _logitScale = GroupScores.LogitScale(tensors.Read("logit_scale")[0]);
    }

    public WindowSize ScoreGrid(WindowSize window) => window;

    public Matrix Scores(SystemWindow window) => GroupScores.Of(window, Segments(window), _logitScale);

    /// <summary>The segments that a window is grouped into.</summary>
    /// <param name="window">The window.</param>
    /// <param name="watch">Shown what becomes of it.</param>
    public Segments Segments(SystemWindow window, SegClipWatch? watch = null)
    {
        var (gridHeight, gridWidth) = (window.Size.Height / _config.PatchSize, window.Size.Width / _config.PatchSize);
        var x = _preNorm.Apply(_patches.Apply(PatchRows.Of(window, _config.PatchSize)) + _positions.Of(window.Algebra, gridHeight, gridWidth));
        x = TransformerBlock.ApplyAll(_first, x, window.CancellationToken);
        watch?.First?.Invoke(x);
        var grouping = _grouping.Apply(x, watch?.Centres);
        watch?.Grouped?.Invoke(grouping);
        var groups = TransformerBlock.ApplyAll(_second, grouping.Groups, window.CancellationToken);
        watch?.Second?.Invoke(groups);
        return new(grouping.Soft, gridHeight, gridWidth, Project(groups), Project(Greatest(groups)));
    }

    public void Dispose() => _layers.Dispose();

    private Matrix Project(Matrix x) => _projection.Apply(_postNorm.Apply(x));

    /// <summary>The greatest of each column, <c>[1, width]</c>.</summary>
    private static Matrix Greatest(Matrix x)
    {
        var (values, greatest) = (x.ToArray(), new float[x.Columns]);
        Array.Fill(greatest, float.NegativeInfinity);
        for (var row = 0; row < x.Rows; row++)
            TensorPrimitives.Max(greatest, values.AsSpan(row * x.Columns, x.Columns), greatest);
        return x.Algebra.From(greatest, 1, x.Columns);
    }
}

/// <summary>Who wants to see what becomes of a window.</summary>
internal sealed record SegClipWatch
{
    /// <summary>Shown the patches behind the first blocks.</summary>
    public Action<Matrix>? First { get; init; }

    /// <summary>Shown the centres, once they have attended to the patches.</summary>
    public Action<Matrix>? Centres { get; init; }

    /// <summary>Shown the grouping.</summary>
    public Action<Grouping>? Grouped { get; init; }

    /// <summary>Shown the groups behind the second blocks.</summary>
    public Action<Matrix>? Second { get; init; }
}
