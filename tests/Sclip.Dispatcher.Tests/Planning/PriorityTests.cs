using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Another priority, whatever else is going on: the shards end where they belong, and no message is sent that is of no use.</summary>
public sealed class PriorityTests : IDisposable
{
    private readonly PlanningBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Changed_while_the_job_is_being_planned_all_shards_end_in_the_queue_of_the_new_one(int changedBefore)
    {
        var job = await SubmitAsync();
        _bench.BeforeWrite = name => name == JobNames.Shard(job.Id, changedBefore) ? _bench.Control.PrioritizeAsync(job, 8, default) : Task.CompletedTask;
        Assert.Equal(4, (await _bench.PlanAsync(job))!.Shards);
        Assert.Equal([0, 1, 2, 3], _bench.Sender.SentTo[4..].Where(sent => sent.Queue == ShardQueues.Urgent).Select(sent => sent.Shard));
        await AsksAgainAsync(job.Id, 8);
    }

    [Fact]
    public async Task Changed_between_plan_and_its_end_all_shards_end_in_the_queue_of_the_new_one()
    {
        var job = await SubmitAsync();
        _bench.BeforeWrite = name => name == JobNames.Plan(job.Id) ? _bench.Control.PrioritizeAsync(job, 8, default) : Task.CompletedTask;
        await _bench.PlanAsync(job);
        Assert.Equal([0, 1, 2, 3], _bench.Sender.SentTo.Where(sent => sent.Queue == ShardQueues.Urgent).Select(sent => sent.Shard));
        await AsksAgainAsync(job.Id, 8);
    }

    [Fact]
    public async Task The_same_again_or_another_of_the_same_queue_sends_nothing()
    {
        var job = await SubmitAsync();
        await _bench.PlanAsync(job);
        await AsksAgainAsync(job.Id, 0);
        job = await _bench.Control.PrioritizeAsync(job, 9, default);
        Assert.Equal(8, _bench.Sender.Sent.Length);
        await AsksAgainAsync(job.Id, 9);
        await AsksAgainAsync(job.Id, 8);
        await AsksAgainAsync(job.Id, 8);
    }

    [Fact]
    public async Task One_that_was_interrupted_is_finished_by_asking_for_the_same_again()
    {
        var job = await SubmitAsync();
        await _bench.PlanAsync(job);
        _bench.Sender.Before = shard => shard == 2 ? throw new IOException("The broker is lost.") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => _bench.Control.PrioritizeAsync(job, 8, default));
        _bench.Sender.Before = _ => Task.CompletedTask;
        job = (await _bench.Stores.Jobs.ReadJobAsync(job.Id, default))!;
        Assert.Equal(8, job.Priority);
        await _bench.Control.PrioritizeAsync(job, 8, default);
        Assert.Equal([0, 1, 2, 3], _bench.Sender.SentTo.Where(sent => sent.Queue == ShardQueues.Urgent).Select(sent => sent.Shard).Distinct().Order());
        await AsksAgainAsync(job.Id, 8);
    }

    private async Task<JobDocument> SubmitAsync()
    {
        await _bench.AddAsync([.. Enumerable.Range(0, 8).Select(i => $"image-{i}.png")]);
        return await _bench.SubmitAsync(PlanningBench.Request());
    }

    private async Task AsksAgainAsync(string id, int priority)
    {
        var before = _bench.Sender.Sent.Length;
        await _bench.Control.PrioritizeAsync((await _bench.Stores.Jobs.ReadJobAsync(id, default))!, priority, default);
        Assert.Equal(before, _bench.Sender.Sent.Length);
        Assert.Equal(priority, (await _bench.Stores.Jobs.ReadJobAsync(id, default))!.Priority);
    }
}
