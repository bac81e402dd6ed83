namespace Sclip.Worker.Models;

/// <summary>A model that cannot be found or downloaded; the message says why and what to do.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class ModelHubException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same may work later: the hub cannot be reached or is overloaded, or the cache cannot be written.</summary>
    public bool Transient { get; init; }
}
