using System.Text.Json;
using RabbitMQ.Client.Exceptions;
using Sclip.Hosting.Messaging;
using Sclip.Soak.Jobs;

namespace Sclip.Soak.Faults;

/// <summary>A shard's message is lost, and some seconds later the job is retried, as its owner does who sees that it stands still.</summary>
internal sealed class MessageLost : IFault
{
    public string Kind => "message lost, job retried";

    public int Cards => 6;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (queue, pause) = (random.Next(3) == 0 ? ShardQueues.Urgent : ShardQueues.Bulk, random.Seconds(0.5, 8));
        try
        {
            if (await stage.Cluster.Queues.LoseAsync(queue) is not { } body)
                return null;
            using var message = JsonDocument.Parse(body);
            var lost = message.RootElement.GetProperty("message");
            var (id, shard) = (lost.GetProperty("jobId").GetString(), lost.GetProperty("shard").GetInt32());
            var job = stage.Flow.Jobs.First(job => job.Id == id);
            job.HasLost = true;
            return new Injection($"shard {shard} of {id}", RetryAsync(stage, job, pause));
        }
        catch (Exception error) when (error is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException)
        {
            return null;
        }
    }

    private static async Task RetryAsync(Stage stage, SoakJob job, TimeSpan pause)
    {
        await Task.Delay(pause);
        // One that is complete lost a message that was there twice.
        while (job.Document is null)
            await Task.Delay(pause);
        await stage.Flow.RetryAsync(job, failed: false, default);
    }
}
