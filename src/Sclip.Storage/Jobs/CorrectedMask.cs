using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>A corrected mask that is to be written.</summary>
/// <param name="Result">The result that it corrects.</param>
/// <param name="Png">The mask's file.</param>
/// <param name="Pixels">Pixels of each class that occurs in it, by its name.</param>
/// <param name="Condition">What must hold of the correction that is there; its tag is <see cref="Contracts.Reviews.Correction.Sha256"/>.</param>
public sealed record CorrectedMask(ImageResult Result, ReadOnlyMemory<byte> Png, IReadOnlyDictionary<string, long> Pixels, WriteCondition Condition)
{
    /// <summary>The image.</summary>
    public string Image => Result.Image;
}
