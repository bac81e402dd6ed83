using Microsoft.Extensions.Configuration;
using Sclip.Contracts;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;

namespace Sclip.Cli.Doctor;

/// <summary>The broker: it is connected to, and asked for its queues.</summary>
internal static class BrokerCheck
{
    private const string Name = "broker";

    public static async Task<Finding> InspectAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var key = SclipOptions.Shown(BrokerOptions.Section, nameof(BrokerOptions.Uri));
        if (configuration[$"{BrokerOptions.Section}:{nameof(BrokerOptions.Uri)}"] is not { Length: > 0 })
            return new Finding { Name = Name, State = FindingState.NotConfigured, Detail = "No broker is named; jobs, workers and the dispatcher need one; `sclip label` does not.", Advice = $"For jobs set {key}." };
        BrokerOptions options;
        try
        {
            options = SclipOptions.Read<BrokerOptions>(configuration, BrokerOptions.Section);
        }
        catch (ConfigurationException error)
        {
            return Missing(error.Message);
        }
        try
        {
            await using var connection = await BrokerConnection.OpenAsync(options, "sclip: doctor", cancellationToken);
            var queues = await QueueReader.AskAsync(connection, options, cancellationToken);
            return new Finding { Name = Name, State = FindingState.Ok, Detail = $"{options.Uri!.Host} answers; {Counted.Of(queues.Sum(queue => queue.Shards), "shard")} wait in its queues, which have {Counted.Of(queues.Max(queue => queue.Workers), "worker")}." };
        }
        // Whatever the client throws: it does not say, and sockets, names and time limits have exceptions of their own.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return Missing(QueueReader.Problem(options, error));
        }

        Finding Missing(string why) => new() { Name = Name, State = FindingState.Missing, Detail = why, Advice = $"Start the broker or make it reachable, or correct {key}." };
    }
}
