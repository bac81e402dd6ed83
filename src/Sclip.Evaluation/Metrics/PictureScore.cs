namespace Sclip.Evaluation.Metrics;

/// <summary>How one picture fared.</summary>
/// <param name="Picture">Its name: the path of its masks without ending and suffix.</param>
/// <param name="MeanIou">The mean IoU of the classes that its prediction or its ground truth has.</param>
/// <param name="OverallAccuracy">The share of its pixels that are labelled right.</param>
/// <param name="Pixels">Its pixels that count.</param>
public sealed record PictureScore(string Picture, double MeanIou, double OverallAccuracy, long Pixels);
