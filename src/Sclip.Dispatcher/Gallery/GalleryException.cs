namespace Sclip.Dispatcher.Gallery;

/// <summary>The index of a job's images cannot be kept; the message says why, and what to do.</summary>
public sealed class GalleryException(string message, Exception inner) : Exception(message, inner);
