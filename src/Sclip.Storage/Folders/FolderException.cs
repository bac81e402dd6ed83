namespace Sclip.Storage.Folders;

/// <summary>A folder that a command must not, or cannot, write to; the message says why, and what to do.</summary>
public sealed class FolderException(string message, Exception? inner = null) : Exception(message, inner);
