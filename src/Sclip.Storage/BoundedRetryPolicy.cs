using Azure.Core;
using Azure.Core.Pipeline;

namespace Sclip.Storage;

/// <summary>
/// Retries of the Azure client that end after a time, not only after a number: four attempts that run into their timeout would take most of a
/// minute to notice that a service is gone.
/// </summary>
internal sealed class BoundedRetryPolicy() : RetryPolicy(maxRetries: 3, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4)))
{
    private static readonly TimeSpan LastStart = TimeSpan.FromSeconds(12);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => IsEarly(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) => IsEarly(message) && await base.ShouldRetryAsync(message, exception);

    private static bool IsEarly(HttpMessage message) => DateTimeOffset.UtcNow - message.ProcessingContext.StartTime < LastStart;
}
