namespace Sclip.Segmentation.Attention;

/// <summary>What a term of attention compares, cut into heads.</summary>
internal enum AttentionOperand
{
    /// <summary>The queries.</summary>
    Query,

    /// <summary>The keys.</summary>
    Key,

    /// <summary>The values.</summary>
    Value,

    /// <summary>The block's normalised input X.</summary>
    Input,

    /// <summary>X times the method's projection of the term's index.</summary>
    Projected,
}

/// <summary>
/// A summand of attention weights: Share * softmax(A BT / sqrt(head_dim) + G), G a bias between patches where there is one; without
/// operands Share * the identity, by which each token attends to itself alone.
/// </summary>
/// <param name="Operands">A and B.</param>
/// <param name="Share">Factor of the softmax, or of the identity.</param>
/// <param name="Projection">Which projection <see cref="AttentionOperand.Projected"/> means.</param>
/// <param name="Neighbourhood">G.</param>
internal sealed record AttentionTerm(
    (AttentionOperand A, AttentionOperand B)? Operands, float Share = 1, int Projection = 0, NeighbourhoodBias? Neighbourhood = null)
{
    /// <summary>Every token takes its own value.</summary>
    public static readonly AttentionTerm Identity = new((ValueTuple<AttentionOperand, AttentionOperand>?)null);

    /// <summary>softmax(A AT / sqrt(head_dim)): tokens attend to those that are like them.</summary>
    public static AttentionTerm Self(AttentionOperand operand, float share = 1, int projection = 0, NeighbourhoodBias? neighbourhood = null) =>
        new((operand, operand), share, projection, neighbourhood);
}
