using Sclip.Contracts;
using Sclip.Contracts.Reviews;

namespace Sclip.Formats;

/// <summary>A picture of a source, and what people made of it.</summary>
/// <param name="Result">Its result, as the machine has it.</param>
/// <param name="Review">The decision that holds.</param>
/// <param name="Correction">The correction that counts; null where the machine's mask does.</param>
public sealed record ExportItem(ImageResult Result, ReviewDecision Review = ReviewDecision.None, Correction? Correction = null)
{
    /// <summary>The result of the mask that counts, which has the machine's name.</summary>
    public ImageResult Counting => Correction?.ApplyTo(Result) ?? Result;

    /// <summary>The same, with the corrected mask under its own name.</summary>
    internal ImageResult WithCorrection => Correction is null ? Result : Counting with { Mask = Correction.Mask };
}
