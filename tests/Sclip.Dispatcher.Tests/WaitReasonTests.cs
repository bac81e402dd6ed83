using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;

namespace Sclip.Dispatcher.Tests;

/// <summary>What a job is said to wait for, by what is known of queues and workers.</summary>
public sealed class WaitReasonTests
{
    private static readonly JobStatus Job = new() { Id = "job", State = JobState.Waiting, Created = default, Shards = 8, ShardsDone = 0, Labelled = 0, Failed = 0, Windows = 0 };
    private static readonly JobStatus ForModel = Job with { WaitsFor = JobWaitKind.Model, Reason = "waiting for model org/none: it cannot be pulled now: the hub does not answer." };

    [Fact]
    public void A_job_that_does_not_wait_is_left_as_it_is()
    {
        foreach (var state in Enum.GetValues<JobState>().Where(state => state != JobState.Waiting))
            Assert.Equal(Job with { State = state }, WaitReason.Explain(Job with { State = state }, urgent: false, Look(problem: "It is gone.")));
    }

    [Fact]
    public void Without_a_broker_that_is_the_reason() => Assert.Equal((JobWaitKind.Broker, "It is gone."), Of(ForModel, Look(problem: "It is gone.")));

    [Fact]
    public void Without_a_worker_that_is_the_reason_whatever_a_worker_said_before() => Assert.Equal(
        (JobWaitKind.Worker, "no worker takes shards from segment-shard, where 8 shards wait: start one, or see why none starts."),
        Of(ForModel, Look(Queue("segment-shard", 8))));

    [Fact]
    public void Of_workers_that_are_not_ready_the_reason_is_theirs()
    {
        var look = Look(Queue("segment-shard", 8)) with { Workers = [Worker("w") with { State = WorkerPhase.Starting, Reason = "The model is not loaded yet." }] };
        Assert.Equal((JobWaitKind.Worker, "no worker takes shards from segment-shard; w is starting: The model is not loaded yet."), Of(Job, look));
    }

    [Fact]
    public void What_a_worker_noted_is_the_reason_while_workers_are_there() => Assert.Equal((ForModel.WaitsFor, ForModel.Reason), Of(ForModel, Look(Queue("segment-shard", 8, workers: 2))));

    [Fact]
    public void Behind_other_jobs_it_is_its_turn_with_the_jobs_that_are_at_work()
    {
        var look = Look(Queue("segment-shard", 1_200, workers: 1), Queue("segment-shard-urgent", 3, workers: 1)) with { Workers = [Worker("w", "other")] };
        Assert.Equal((JobWaitKind.Turn, "its turn: 1,200 shards wait in segment-shard, 3 shards of urgent jobs before them, for 1 worker (at other)."), Of(Job, look));
        Assert.Equal((JobWaitKind.Turn, "its turn: 3 shards wait in segment-shard-urgent, for 1 worker (at other)."), Of(Job, look, urgent: true));
    }

    [Fact]
    public void A_worker_that_has_a_shard_of_it_and_has_written_nothing_yet_has_it_running()
    {
        var explained = WaitReason.Explain(Job, urgent: false, Look(Queue("segment-shard", 7, workers: 1)) with { Workers = [Worker("w", "job")] });
        Assert.Equal((JobState.Running, "w", null), (explained.State, Assert.Single(explained.Workers), explained.Reason));
    }

    [Fact]
    public void Shards_that_failed_and_those_that_were_given_up_are_told_apart()
    {
        Assert.Equal(JobWaitKind.Retry, Of(Job, Look(Queue("segment-shard", 0, workers: 1), Queue("segment-shard_later_60s", 2))).Kind);
        var (kind, reason) = Of(Job, Look(Queue("segment-shard", 0, workers: 1), Queue("segment-shard_error", 2)));
        Assert.Equal(JobWaitKind.Operator, kind);
        Assert.Contains("2 shards, its own likely among them, were given up and lie in segment-shard_error", reason, StringComparison.Ordinal);
        (kind, reason) = Of(Job, Look(Queue("segment-shard", 0, workers: 1), Queue("segment-shard-urgent_error", 2)));
        Assert.Equal(JobWaitKind.Operator, kind);
        Assert.Contains("`sclip retry job` enqueues what is missing", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_known_of_queues_what_the_blobs_say_is_told()
    {
        Assert.Equal((ForModel.WaitsFor, ForModel.Reason), Of(ForModel, Look()));
        Assert.Equal((null, "no worker has a shard of it in work."), Of(Job, Look()));
    }

    [Fact]
    public void A_job_whose_workers_are_gone_with_their_shards_waits_for_a_worker()
    {
        var job = Job with { State = JobState.Running, Workers = ["dead"] };
        Assert.Equal(JobWaitKind.Worker, Of(job, Look(Queue("segment-shard", 1))).Kind);
        Assert.Equal(JobWaitKind.Worker, Of(job, Look(Queue("segment-shard", 1)) with { Workers = [] }).Kind);
        // One that ends has no consumer any more, and finishes what it has.
        Assert.Equal(JobState.Running, WaitReason.Explain(job, urgent: false, Look(Queue("segment-shard", 1)) with { Workers = [Worker("dead")] }).State);
        Assert.Equal(JobState.Running, WaitReason.Explain(job, urgent: false, Look(Queue("segment-shard", 1, workers: 1)) with { Workers = [] }).State);
        Assert.Equal(JobState.Running, WaitReason.Explain(job, urgent: false, Look()).State);
    }

    [Fact]
    public void A_job_between_two_shards_waits_where_all_workers_are_at_others()
    {
        var moved = Job with { State = JobState.Running, ShardsDone = 3 };
        var look = Look(Queue("segment-shard", 7, workers: 2));
        Assert.Equal(JobWaitKind.Turn, Of(moved, look with { Workers = [Worker("a", "other"), Worker("b", "third")] }).Kind);
        // One that is free takes the next shard in a moment.
        Assert.Equal(JobState.Running, WaitReason.Explain(moved, urgent: false, look with { Workers = [Worker("a", "other"), Worker("b")] }).State);
        Assert.Equal(JobState.Running, WaitReason.Explain(moved, urgent: false, look with { Workers = [Worker("a", "job"), Worker("b", "third")] }).State);
        Assert.Equal(JobState.Running, WaitReason.Explain(moved, urgent: false, look with { Workers = [] }).State);
        Assert.Equal(JobState.Running, WaitReason.Explain(moved with { ShardsDone = 8 }, urgent: false, look with { Workers = [Worker("a", "other")] }).State);
    }

    [Fact]
    public void A_job_whose_worker_died_with_its_shard_waits_once_the_others_say_that_they_do_not_have_it()
    {
        var left = Job with { State = JobState.Running, Workers = ["dead"] };
        var look = Look(Queue("segment-shard", 7, workers: 1)) with { Workers = [Worker("a")] };
        Assert.Equal(JobState.Running, WaitReason.Explain(left, urgent: false, look, still: TimeSpan.FromSeconds(2)).State);
        var explained = WaitReason.Explain(left, urgent: false, look, still: TimeSpan.FromSeconds(6));
        Assert.Equal((JobState.Waiting, 0), (explained.State, explained.Workers.Count));
        Assert.Equal(JobState.Running, WaitReason.Explain(left, urgent: false, look with { Workers = [Worker("a", "job")] }, still: TimeSpan.FromSeconds(600)).State);
    }

    [Fact]
    public void Behind_the_shards_of_others_it_is_told_that_some_were_given_up()
    {
        foreach (var queue in new[] { Queue("segment-shard", 3, workers: 1), Queue("segment-shard_later_60s", 3) })
        {
            var (kind, reason) = Of(Job, Look(Queue("segment-shard", queue.Name == "segment-shard" ? 3 : 0, workers: 1), queue, Queue("segment-shard_error", 2)));
            Assert.Equal(queue.Name == "segment-shard" ? JobWaitKind.Turn : JobWaitKind.Retry, kind);
            Assert.EndsWith("2 shards of this or other jobs were given up and lie in segment-shard_error: `sclip retry job` if this goes on.", reason, StringComparison.Ordinal);
        }
    }

    private static (JobWaitKind? Kind, string? Reason) Of(JobStatus job, QueueLook look, bool urgent = false)
    {
        var explained = WaitReason.Explain(job, urgent, look);
        Assert.Equal(JobState.Waiting, explained.State);
        return (explained.WaitsFor, explained.Reason);
    }

    private static QueueLook Look(params QueueState[] queues) => new(queues, null, null);

    private static QueueLook Look(string problem) => new([], problem, null);

    private static QueueState Queue(string name, long shards, int workers = 0) => new() { Name = name, Shards = shards, Workers = workers };

    private static WorkerState Worker(string name, params string[] jobs) => new()
    {
        Name = name,
        Started = default,
        Version = "",
        State = WorkerPhase.Ready,
        Images = 0,
        Windows = 0,
        Models = [],
        Heard = default,
        Shards = [.. jobs.Select(job => new ShardInWork { Job = job, Shard = 0, Since = default })],
    };
}
