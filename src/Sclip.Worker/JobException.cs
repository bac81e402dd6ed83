namespace Sclip.Worker;

/// <summary>A job that this worker cannot do, and no retry will change it; the message says what to do.</summary>
public sealed class JobException(string message, Exception? inner = null) : Exception(message, inner);
