namespace Sclip.Imaging;

/// <summary>A native image library that is not installed; the message says how to install it. A build with ImageSharp needs none.</summary>
public sealed class ImagingLibraryException(string message, Exception inner) : Exception(message, inner);
