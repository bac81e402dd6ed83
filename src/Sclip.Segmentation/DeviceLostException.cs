namespace Sclip.Segmentation;

/// <summary>A device failed while it worked. Nothing in this process can use it any more; what was under way is to be done by another.</summary>
public sealed class DeviceLostException(string message, Exception? innerException = null) : Exception(message, innerException);
