namespace Sclip.Imaging;

/// <summary>A native image library that is not installed, or a wrong choice of codecs; the message says what cannot be done, and what to do.</summary>
public sealed class ImagingLibraryException(string message, Exception? inner = null) : Exception(message, inner);
