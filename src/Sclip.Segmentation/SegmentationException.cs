namespace Sclip.Segmentation;

/// <summary>Options, labels or a picture that the engine cannot work with; the message says which and what to do.</summary>
public sealed class SegmentationException(string message, Exception? inner = null) : Exception(message, inner);
