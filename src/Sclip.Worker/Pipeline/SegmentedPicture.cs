using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the engine.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Result">Its labels; null where there is a failure.</param>
/// <param name="Scores">Its class scores, where asked for.</param>
/// <param name="Features">Its features, where they are kept.</param>
/// <param name="Failure">Why it has no labels.</param>
/// <param name="Milliseconds">Its share of the engine's time.</param>
internal sealed record SegmentedPicture(DecodedPicture Picture, SegmentationResult? Result, ScoreFile? Scores, FeatureWriter? Features, PictureFailure? Failure, double Milliseconds);
