namespace Sclip.Worker.Engines;

/// <summary>A model that cannot be had now, and may be later: the hub cannot be reached, or this machine lacks room for it.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">The cause.</param>
public sealed class ModelUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
