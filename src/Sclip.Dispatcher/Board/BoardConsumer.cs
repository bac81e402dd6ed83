using MassTransit;
using Sclip.Contracts.Messages;

namespace Sclip.Dispatcher.Board;

/// <summary>Hears what workers and dispatchers tell. Nothing depends on it: what is missed is read from blobs, or told again.</summary>
internal sealed class BoardConsumer(JobBoard jobs, WorkerBoard workers, BoardService service) : IConsumer<WorkerReport>, IConsumer<ShardCompleted>, IConsumer<JobCompleted>, IConsumer<JobChanged>
{
    public Task Consume(ConsumeContext<WorkerReport> context)
    {
        workers.Hear(context.Message);
        foreach (var shard in context.Message.Shards)
            jobs.TouchEnded(shard.Job);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ShardCompleted> context)
    {
        jobs.Touch(context.Message.JobId);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<JobCompleted> context)
    {
        jobs.Touch(context.Message.JobId);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<JobChanged> context)
    {
        jobs.Touch(context.Message.JobId);
        service.Hasten();
        return Task.CompletedTask;
    }
}
