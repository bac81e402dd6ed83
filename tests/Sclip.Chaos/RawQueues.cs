using System.Text;
using RabbitMQ.Client;
using Sclip.Hosting.Messaging;
using Sclip.Testing.Servers;

namespace Sclip.Chaos;

/// <summary>The broker's queues, past the bus and the relay.</summary>
internal sealed class RawQueues(RabbitMqServer broker)
{
    /// <summary>Waits until no message is anywhere, neither waiting nor with a consumer, nor passed over or failed.</summary>
    /// <remarks>A quorum queue's counts are told some seconds late, those of the queues of failures too: they are waited for like the others.</remarks>
    public Task UntilEmptyAsync(Func<Task<string>>? explain = null) => Poll.UntilAsync("the queues are empty", async () =>
    {
        var queues = await broker.QueuesAsync();
        return queues.Any(queue => queue.Name == ShardQueues.Bulk) && queues.All(queue => queue is { Ready: 0, Unacknowledged: 0 });
    }, async () => $"{await ExplainAsync()}. {(explain is null ? "" : await explain())}");

    /// <summary>Waits until each queue of shards has so many consumers.</summary>
    public Task HaveConsumersAsync(int count, Func<Task<string>>? explain = null) => Poll.UntilAsync(
        $"the queues of shards have {count} consumers each",
        async () => (await broker.QueuesAsync()).Where(queue => ShardQueues.Work.Contains(queue.Name)).Select(queue => queue.Consumers).SequenceEqual([count, count]),
        async () => $"{await ExplainAsync()}. {(explain is null ? "" : await explain())}");

    /// <summary>All queues and what is in them.</summary>
    public async Task<string> ExplainAsync() => string.Join(", ", (await broker.QueuesAsync()).Select(queue => $"{queue.Name} {queue.Ready}+{queue.Unacknowledged} ({queue.Consumers} consumers)"));

    /// <summary>Waits for so many messages in a queue, and takes them out: of each the headers as texts.</summary>
    public async Task<List<Dictionary<string, string>>> TakeAsync(string queue, int count)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await Poll.UntilAsync($"{count} messages are in {queue}", async () => (await channel.QueueDeclarePassiveAsync(queue)).MessageCount >= count, ExplainAsync);
        var taken = new List<Dictionary<string, string>>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            taken.Add((message.BasicProperties.Headers ?? new Dictionary<string, object?>()).ToDictionary(
                header => header.Key, header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : $"{header.Value}", StringComparer.Ordinal));
        return taken;
    }

    /// <summary>Takes a message out of a queue for good, as if it were lost.</summary>
    /// <returns>Its body; null where there was none.</returns>
    public async Task<byte[]?> LoseAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.BasicGetAsync(queue, autoAck: true))?.Body.ToArray();
    }

    /// <summary>Takes a queue's only message again and again without acknowledging it, as processes do that die of it.</summary>
    /// <returns>How often the broker gave it out.</returns>
    public async Task<int> TakeInVainAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var taken = 0;
        await Poll.UntilAsync($"{queue} is empty", async () =>
        {
            while (await channel.BasicGetAsync(queue, autoAck: false) is { } message)
            {
                taken++;
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true);
            }
            return taken > 0;
        });
        return taken;
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();
}
