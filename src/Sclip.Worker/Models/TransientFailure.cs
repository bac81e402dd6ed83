namespace Sclip.Worker.Models;

/// <summary>A failure that may pass: a broken connection, an overloaded server.</summary>
/// <param name="message">What happened.</param>
/// <param name="retryAfter">How long the server asks to wait; null where it does not say.</param>
/// <param name="inner">The cause.</param>
internal sealed class TransientFailure(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
