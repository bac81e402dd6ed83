namespace Sclip.Formats.Importing;

/// <summary>Annotations that cannot be read; the message says what they are or where they are damaged, and what to do.</summary>
public sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);
