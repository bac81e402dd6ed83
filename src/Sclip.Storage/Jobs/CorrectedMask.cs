namespace Sclip.Storage.Jobs;

/// <summary>A corrected mask that is to be written.</summary>
/// <param name="Image">The image.</param>
/// <param name="Png">The mask's file.</param>
/// <param name="Condition">What must hold of the correction that is there; its tag is <see cref="Contracts.Reviews.Correction.Sha256"/>.</param>
public sealed record CorrectedMask(string Image, ReadOnlyMemory<byte> Png, WriteCondition Condition);
