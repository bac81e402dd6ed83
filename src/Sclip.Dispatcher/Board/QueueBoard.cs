using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Sclip.Contracts.Board;
using Sclip.Hosting.Messaging;

namespace Sclip.Dispatcher.Board;

/// <summary>Makes the queues, and asks the broker every few seconds how many shards wait and how many workers take them, over a connection of its own.</summary>
internal sealed class QueueBoard(BrokerOptions options) : BackgroundService
{
    private const ushort NotFound = 404;
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
                    State = (await AskAsync(connection, stoppingToken), null);
                    await Task.Delay(Interval, stoppingToken);
                }
            }
            // Whatever the client throws: it does not say, and sockets, names and time limits have exceptions of their own.
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                State = ([], $"The broker at {options.Uri!.Host} does not answer: {error.Message}");
                await Task.Delay(Interval, stoppingToken);
            }
        }
    }

    private async Task<IReadOnlyList<QueueState>> AskAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var queues = new List<QueueState>();
        foreach (var name in ShardQueues.All(options))
            queues.Add(await AskAsync(connection, name, cancellationToken));
        return queues;
    }

    private static async Task<QueueState> AskAsync(IConnection connection, string name, CancellationToken cancellationToken)
    {
        // A channel for each: the broker closes the one that asks for a queue that is not there.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            var queue = await channel.QueueDeclarePassiveAsync(name, cancellationToken);
            return new QueueState { Name = name, Shards = queue.MessageCount, Workers = (int)queue.ConsumerCount };
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == NotFound)
        {
            return new QueueState { Name = name, Shards = 0, Workers = 0 };
        }
    }
}
