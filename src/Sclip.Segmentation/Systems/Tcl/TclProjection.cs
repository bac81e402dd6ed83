using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>A norm, and a projection into the space of texts.</summary>
internal sealed record TclProjection(NormLayer Norm, LinearLayer Projection)
{
    /// <summary>The cosines of tokens with names, <c>[tokens, names]</c>.</summary>
    /// <param name="x">Tokens, <c>[tokens, width]</c>.</param>
    /// <param name="names">The names' embeddings, of unit length, <c>[names, embedding size]</c>.</param>
    public Matrix Cosines(Matrix x, Matrix names) => Projection.Apply(Norm.Apply(x)).UnitRows().TimesTransposed(names);

    public static TclProjection Load(SystemLayers layers, string norm, string weight, ClipConfig config)
    {
        var (width, size) = (config.Vision.Width, config.EmbeddingSize);
        return new(layers.Norm(norm, width, config.Vision.Epsilon), layers.Linear(layers.Tensors.Read(weight, size, width), size, width, bias: null));
    }
}
