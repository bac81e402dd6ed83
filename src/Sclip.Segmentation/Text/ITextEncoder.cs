namespace Sclip.Segmentation.Text;

/// <summary>What turns tokens into text features.</summary>
internal interface ITextEncoder
{
    /// <summary>Width of a feature.</summary>
    int Dimension { get; }

    /// <summary>Whether a name's embedding is the mean of its prompts' features brought to unit length; else it is of them as they are.</summary>
    bool NormalisesPrompts => true;

    /// <summary>Computes the features of prompts; neighbours that share their first tokens are cheapest.</summary>
    /// <param name="prompts">Token sequences from start-of-text to end-of-text.</param>
    /// <param name="features"><c>[prompts, Dimension]</c>, not normalised.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    void Encode(IReadOnlyList<int[]> prompts, Span<float> features, CancellationToken cancellationToken);
}
