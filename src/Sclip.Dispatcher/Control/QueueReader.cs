using RabbitMQ.Client;
using Sclip.Contracts.Board;
using Sclip.Hosting.Messaging;

namespace Sclip.Dispatcher.Control;

/// <summary>Asks the broker for the queues of shards.</summary>
public static class QueueReader
{
    /// <summary>Asks over a connection.</summary>
    /// <returns>The queues, a missing one as an empty one.</returns>
    public static async Task<IReadOnlyList<QueueState>> AskAsync(IConnection connection, BrokerOptions options, CancellationToken cancellationToken)
    {
        var queues = new List<QueueState>();
        foreach (var name in ShardQueues.All(options))
        {
            var queue = await ShardTopology.FindAsync(connection, name, cancellationToken);
            queues.Add(new QueueState { Name = name, Shards = queue?.MessageCount ?? 0, Workers = (int)(queue?.ConsumerCount ?? 0) });
        }
        return queues;
    }

    /// <summary>Why a broker did not answer.</summary>
    public static string Problem(BrokerOptions options, Exception error) => $"The broker at {options.Uri!.Host} does not answer, or refuses the user: {error.GetBaseException().Message}";
}
