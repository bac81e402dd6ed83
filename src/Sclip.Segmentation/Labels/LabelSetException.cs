namespace Sclip.Segmentation;

/// <summary>Class names or prompt templates that cannot be used; the message says which and why.</summary>
public sealed class LabelSetException(string message, Exception? inner = null) : Exception(message, inner);
