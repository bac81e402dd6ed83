namespace Sclip.Worker;

/// <summary>A job that no worker can do as it was given, now or later; the message says why and what to do.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class JobException(string message, Exception? inner = null) : Exception(message, inner);
