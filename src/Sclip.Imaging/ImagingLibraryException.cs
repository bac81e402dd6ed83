namespace Sclip.Imaging;

/// <summary>A native image library that is not installed; the message says what cannot be done without it, and how to install it.</summary>
public sealed class ImagingLibraryException(string message, Exception inner) : Exception(message, inner);
