namespace Sclip.Segmentation;

/// <summary>Kept features that cannot be used: damaged, of a newer version, or not what they are taken for.</summary>
public sealed class FeatureFormatException(string message, Exception? inner = null) : Exception(message, inner);
