using Sclip.Hosting.Messaging;
using Sclip.Storage;

namespace Sclip.Soak.Jobs;

/// <summary>Does as a patient user does: what broker or store do not take is tried again.</summary>
internal static class Persistence
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var end = DateTimeOffset.UtcNow + Limit;
        while (true)
            try
            {
                return await call();
            }
            catch (Exception error) when (IsPassing(error) && DateTimeOffset.UtcNow < end)
            {
                await Task.Delay(Pause, cancellationToken);
            }
    }

    public static Task TryAsync(Func<Task> call, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellationToken);

    /// <summary>Whether the servers are at fault.</summary>
    public static bool IsPassing(Exception error) => error is BlobStoreException { Fault: BlobStoreFault.Unavailable } or BrokerException;
}
