namespace Sclip.Imaging;

/// <summary>A file that is no picture, or one that cannot be decoded; the message says why.</summary>
public class ImageDecodeException(string message) : Exception(message);
