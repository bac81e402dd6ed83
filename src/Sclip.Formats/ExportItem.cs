using Sclip.Contracts;
using Sclip.Contracts.Reviews;

namespace Sclip.Formats;

/// <summary>A picture of a source, and what people made of it.</summary>
/// <param name="Result">Its result.</param>
/// <param name="Review">The decision that holds.</param>
/// <param name="Corrected">Name of its corrected mask; null where it has none.</param>
public sealed record ExportItem(ImageResult Result, ReviewDecision Review = ReviewDecision.None, string? Corrected = null)
{
    /// <summary>The result with the corrected mask, about which it tells nothing but the size; the doubt was the machine's.</summary>
    internal ImageResult WithCorrection => Corrected is null ? Result : Result with { Mask = Corrected, Pixels = null, DoubtMap = null, Doubt = 0, ClassDoubt = new Dictionary<string, double>(), MeanConfidence = 1 };
}
