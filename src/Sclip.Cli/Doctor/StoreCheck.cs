using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Stores;
using Sclip.Storage;

namespace Sclip.Cli.Doctor;

/// <summary>The blob store: it is asked for a blob that need not be there.</summary>
internal static class StoreCheck
{
    private const string Name = "store";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> InspectAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (StoreOptions.PlaceKeys.All(key => configuration[$"{StoreOptions.Section}:{key}"] is not { Length: > 0 }))
            return new Finding
            {
                Name = Name,
                State = FindingState.NotConfigured,
                Detail = "No store is named; jobs, workers and the dispatcher need one; `sclip label` does not.",
                Advice = $"For jobs set one of {string.Join(", ", StoreOptions.PlaceKeys.Select(key => SclipOptions.Shown(StoreOptions.Section, key)))}.",
            };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var options = SclipOptions.Read<StoreOptions>(configuration, StoreOptions.Section);
            var store = StoreServices.Open(options).Container(options.Container);
            // Waited for apart from the call, which may look at its token too late or not at all.
            await Task.Run(() => store.ExistsAsync("healthz", limit.Token), CancellationToken.None).WaitAsync(limit.Token);
            return new Finding { Name = Name, State = FindingState.Ok, Detail = $"It answers; jobs lie in the container {options.Container}." };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Missing($"It gave no answer within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is ConfigurationException or BlobStoreException)
        {
            return Missing(error.Message);
        }
    }

    private static Finding Missing(string why) => new() { Name = Name, State = FindingState.Missing, Detail = why, Advice = "Start the store or make it reachable, or correct the settings of the section Store." };
}
