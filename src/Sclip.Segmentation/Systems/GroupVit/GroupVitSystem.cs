using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.GroupVit;

/// <summary>
/// GroupViT (arXiv 2202.11094): patches are grouped, stage by stage, into few segments, and each segment is compared with the names. Computed is what the authors'
/// code (NVlabs/GroupViT) does to label, which differs from the paper in what <see cref="GroupingBlock"/> and <see cref="GroupScores"/> say; windows whose sides
/// are no multiples of a patch, which it mostly refuses, lose what is left over.
/// </summary>
internal sealed class GroupVitSystem : IScoringSystem
{
    private readonly SystemLayers _layers;
    private readonly ClipConfig _config;
    private readonly LinearLayer _patches;
    private readonly NormLayer _patchNorm, _finalNorm;
    private readonly GridPositions _positions;
    private readonly GroupVitStage[] _stages;
    private readonly ProjectionHead _projection;
    private readonly float _logitScale;

    public GroupVitSystem(SystemLayers layers, ClipConfig config, GroupVitConfig groups)
    {
        (_layers, _config) = (layers, config);
        const string Prefix = "vision_model.embeddings";
        var (tensors, vision, patch, grid) = (layers.Tensors, config.Vision, config.PatchSize, config.NativeGrid);
        _patches = layers.Linear(
            tensors.Read($"{Prefix}.patch_embeddings.projection.weight", vision.Width, 3, patch, patch), vision.Width, 3 * patch * patch,
            tensors.Read($"{Prefix}.patch_embeddings.projection.bias", vision.Width));
        _patchNorm = layers.Norm($"{Prefix}.layernorm", vision.Width, vision.Epsilon);
        _positions = new(tensors.Read($"{Prefix}.position_embeddings", 1, grid * grid, vision.Width), grid, vision.Width);
        _stages = [.. groups.Depths.Select((_, stage) => new GroupVitStage(layers, stage, vision, groups))];
        _finalNorm = layers.Norm("vision_model.layernorm", vision.Width, vision.Epsilon);
        _projection = ProjectionHead.Load(layers, "visual_projection", config.EmbeddingSize, groups.ProjectionHidden, vision.Width);
        _logitScale = GroupScores.LogitScale(tensors.Read("logit_scale")[0]);
    }

    public WindowSize ScoreGrid(WindowSize window) => window;

    public Matrix Scores(SystemWindow window) => GroupScores.Of(window, Segments(window), _logitScale);

    /// <summary>The segments that a window is grouped into.</summary>
    /// <param name="window">The window.</param>
    /// <param name="watch">Shown what the stages make of it.</param>
    public Segments Segments(SystemWindow window, GroupVitWatch? watch = null)
    {
        var (gridHeight, gridWidth) = (window.Size.Height / _config.PatchSize, window.Size.Width / _config.PatchSize);
        var x = _patchNorm.Apply(_patches.Apply(PatchRows.Of(window, _config.PatchSize))) + _positions.Of(window.Algebra, gridHeight, gridWidth);
        watch?.Embedded?.Invoke(x);
        // How much each patch is of each group: the product of the stages' soft assignments.
        Matrix? groupTokens = null, map = null;
        foreach (var (index, stage) in _stages.Index())
        {
            (x, groupTokens, var grouping) = stage.Apply(x, groupTokens, tokens => watch?.AfterBlock?.Invoke(index, tokens), window.CancellationToken);
            if (grouping is null)
                continue;
            watch?.Grouped?.Invoke(index, groupTokens!, grouping);
            map = map is null ? grouping.Soft : map * grouping.Soft;
        }
        x = _finalNorm.Apply(x);
        return new(map!, gridHeight, gridWidth, _projection.Apply(x), _projection.Apply(1f / x.Rows * x.Transposed().RowSums().Transposed()));
    }

    public void Dispose() => _layers.Dispose();
}

/// <summary>Who wants to see what the stages make of a window.</summary>
internal sealed record GroupVitWatch
{
    /// <summary>Shown the embeddings of the patches.</summary>
    public Action<Matrix>? Embedded { get; init; }

    /// <summary>Shown a stage's tokens behind each of its blocks, group tokens below.</summary>
    public Action<int, Matrix>? AfterBlock { get; init; }

    /// <summary>Shown a stage's group tokens and its grouping.</summary>
    public Action<int, Matrix, Grouping>? Grouped { get; init; }
}
