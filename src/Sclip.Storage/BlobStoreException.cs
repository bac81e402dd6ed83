namespace Sclip.Storage;

/// <summary>A blob that cannot be read or written; the message names it and the reason.</summary>
public sealed class BlobStoreException(string message, Exception? inner = null) : Exception(message, inner);
