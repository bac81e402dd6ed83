namespace Sclip.Formats;

/// <summary>An export that cannot be made; the message says what is in the way, and what to do.</summary>
public sealed class ExportException(string message, Exception? inner = null) : Exception(message, inner);
