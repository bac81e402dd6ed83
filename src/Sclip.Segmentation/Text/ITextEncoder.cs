namespace Sclip.Segmentation.Text;

/// <summary>Turns token sequences into text features.</summary>
internal interface ITextEncoder
{
    /// <summary>Width of a feature.</summary>
    int Dimension { get; }

    /// <summary>
    /// Encodes prompts, each from start-of-text to end-of-text, to <paramref name="features"/> <c>[prompts, Dimension]</c>, not normalised.
    /// Prompts that share a prefix are cheapest side by side.
    /// </summary>
    void Encode(IReadOnlyList<int[]> prompts, Span<float> features, CancellationToken cancellationToken);
}
