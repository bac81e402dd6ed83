using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sclip.Storage;

namespace Sclip.Hosting.Health;

/// <summary>Whether a blob store answers: it is asked for a blob that need not be there.</summary>
/// <param name="store">Gives the store; what it throws counts as the store's failure.</param>
public sealed class StoreHealthCheck(Func<IBlobStore> store) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            // Waited for apart from the call, which may look at its token too late or not at all.
            await Task.Run(() => store().ExistsAsync("healthz", limit.Token), CancellationToken.None).WaitAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"The blob store gave no answer within {Timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, error.Message, error);
        }
    }
}
