namespace Sclip.Segmentation;

/// <summary>A device cannot be used: it is not there, its driver is missing or too old, libtorch is missing, or the model does not fit; the message says what to do.</summary>
public sealed class DeviceException(string message, Exception? innerException = null) : Exception(message, innerException);
