namespace Sclip.Labels;

/// <summary>Classes or prompt templates that cannot be used; the message names the file, the place in it and what to do.</summary>
public sealed class LabelSetException(string message, Exception? inner = null) : Exception(message, inner);
