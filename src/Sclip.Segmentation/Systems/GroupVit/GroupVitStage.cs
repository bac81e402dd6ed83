using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.GroupVit;

/// <summary>A stage: blocks over the tokens and, where it groups, group tokens beside them; then the grouping.</summary>
internal sealed class GroupVitStage
{
    private readonly float[]? _groupToken;
    private readonly int _groupTokens, _width;
    private readonly (NormLayer Norm, Mlp Mlp)? _projector;
    private readonly TransformerBlock[] _blocks;
    private readonly GroupingBlock? _grouping;

    public GroupVitStage(SystemLayers layers, int index, TransformerConfig vision, GroupVitConfig config)
    {
        var name = $"vision_model.encoder.stages.{index}";
        (_groupTokens, _width) = (config.GroupTokens[index], vision.Width);
        _blocks = [.. Enumerable.Range(0, config.Depths[index]).Select(block => TransformerBlock.Load(layers, $"{name}.layers.{block}", vision))];
        if (_groupTokens == 0)
            return;
        _groupToken = layers.Tensors.Read($"{name}.group_token", 1, _groupTokens, _width);
        if (index > 0)
            _projector = (layers.Norm($"{name}.group_projector.0", _width, vision.Epsilon),
                Mlp.Load(layers, $"{name}.group_projector.1", _groupTokens, _width / 2, config.GroupTokens[index - 1], MatrixFunction.Gelu));
        _grouping = new GroupingBlock(layers, $"{name}.downsample", vision, config, _groupTokens, config.OutputGroups[index]);
    }

    /// <summary>Runs the stage.</summary>
    /// <param name="x">Its tokens, <c>[N, width]</c>.</param>
    /// <param name="previous">The group tokens that came out of the blocks of the stage before; null in the first.</param>
    /// <param name="watch">Shown the tokens behind each block, group tokens below.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <returns>The tokens; its group tokens and what they were grouped to, where it groups.</returns>
    public (Matrix Tokens, Matrix? GroupTokens, Grouping? Grouping) Apply(Matrix x, Matrix? previous, Action<Matrix>? watch, CancellationToken cancellationToken)
    {
        var tokens = x.Rows;
        if (_groupToken is not null)
        {
            var g = x.Algebra.From(_groupToken, _groupTokens, _width);
            if (_projector is { } projector)
                g += projector.Mlp.ApplyToColumns(projector.Norm.Apply(previous!));
            x = x.Algebra.Stack(x, g);
        }
        x = TransformerBlock.ApplyAll(_blocks, x, cancellationToken, watch);
        if (_grouping is null)
            return (x, null, null);
        var (left, groups) = (x.RowRange(0, tokens), x.RowsFrom(tokens));
        var grouping = _grouping.Apply(left, groups);
        return (grouping.Groups, groups, grouping);
    }
}
