using Sclip.Labels;

namespace Sclip.Segmentation;

/// <summary>
/// Text embeddings of the names of a label set: per name the mean over the prompt templates of the text features, normalised. CLIP's features are
/// normalised before, too (section 3.1 of the paper); those of GroupViT, SegCLIP and TCL are not.
/// </summary>
public sealed class LabelEmbeddings
{
    /// <summary>One row a name, <c>[names, Dimension]</c>, each of unit length.</summary>
    public required float[] Values { get; init; }

    /// <summary>Width of a row: the model's shared embedding space.</summary>
    public required int Dimension { get; init; }

    /// <summary>The class that each name belongs to, <c>[names]</c>, ascending.</summary>
    public required int[] ClassOfName { get; init; }

    /// <summary>Number of classes.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The class that thresholds fall back to; null where there is none, and then they are refused.</summary>
    public int? BackgroundClass { get; init; }

    /// <summary>Embeddings of a set's names.</summary>
    /// <param name="labels">The set.</param>
    /// <param name="values">One row of unit length a name, <c>[names, dimension]</c>.</param>
    /// <param name="dimension">Width of a row.</param>
    internal static LabelEmbeddings Of(LabelSet labels, float[] values, int dimension) => new()
    {
        Values = values,
        Dimension = dimension,
        ClassOfName = [.. labels.ClassOfName],
        ClassCount = labels.Classes.Count,
        BackgroundClass = labels.BackgroundClass,
    };
}
