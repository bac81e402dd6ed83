using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>TCL's decoder: in each stage the grid is doubled, every patch repeated, then two gated convolutions.</summary>
internal sealed class TclDecoder
{
    private readonly (GatedConvolution First, GatedConvolution Second)[] _stages;

    /// <param name="layers">The checkpoint.</param>
    /// <param name="prefix">What the names of its tensors begin with.</param>
    /// <param name="config">Sizes of the tokens.</param>
    /// <param name="stages">Its stages.</param>
    public TclDecoder(SystemLayers layers, string prefix, TransformerConfig config, int stages) => _stages = [.. Enumerable.Range(0, stages)
        .Select(stage => (new GatedConvolution(layers, $"{prefix}.{stage}.conv", config), new GatedConvolution(layers, $"{prefix}.{stage}.conv2", config)))];

    public int Stages => _stages.Length;

    /// <summary>A stage: u <c>[gridHeight * gridWidth, channels]</c> on the doubled grid, <c>[2 gridHeight * 2 gridWidth, channels]</c>.</summary>
    public Matrix Stage(int stage, Matrix u, int gridHeight, int gridWidth)
    {
        var doubled = Double(u, gridHeight, gridWidth);
        _stages[stage].First.Apply(doubled, 2 * gridHeight, 2 * gridWidth);
        _stages[stage].Second.Apply(doubled, 2 * gridHeight, 2 * gridWidth);
        return doubled;
    }

    private static Matrix Double(Matrix u, int gridHeight, int gridWidth)
    {
        var rows = new int[4 * gridHeight * gridWidth];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i / (2 * gridWidth) / 2 * gridWidth + i % (2 * gridWidth) / 2;
        return u.TakeRows(rows);
    }
}
