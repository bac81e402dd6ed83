namespace Sclip.Storage.Jobs;

/// <summary>A document of a job that cannot be used; the message names the blob and the reason.</summary>
public sealed class JobDocumentException(string message, Exception? inner = null) : Exception(message, inner);
