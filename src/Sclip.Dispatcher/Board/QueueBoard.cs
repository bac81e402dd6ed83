using Microsoft.Extensions.Hosting;
using Sclip.Contracts.Board;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Messaging;

namespace Sclip.Dispatcher.Board;

/// <summary>Makes the queues, and asks the broker every few seconds how many shards wait and how many workers take them, over a connection of its own.</summary>
internal sealed class QueueBoard(BrokerOptions options) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What is known: the queues, or why they are not.</summary>
    public (IReadOnlyList<QueueState> Queues, string? Problem) State { get; private set; } = ([], "The broker is not asked yet.");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await BrokerConnection.OpenAsync(options, "sclip-dispatcher: board", stoppingToken);
                foreach (var queue in ShardQueues.Work)
                    await ShardTopology.EnsureQueueAsync(connection, queue, options, stoppingToken);
                while (true)
                {
                    State = (await QueueReader.AskAsync(connection, options, stoppingToken), null);
                    await Task.Delay(Interval, stoppingToken);
                }
            }
            // Whatever the client throws: it does not say, and sockets, names and time limits have exceptions of their own.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                State = ([], QueueReader.Problem(options, error));
                await Task.Delay(Interval, stoppingToken);
            }
        }
    }
}
