using System.Diagnostics.Metrics;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;

namespace Sclip.Dispatcher.Board;

/// <summary>Gauges of jobs, workers and queues, from what the board knows: a scrape reads no blob and asks no broker.</summary>
internal sealed class BoardMetrics : IDisposable
{
    private const int MostJobs = 100;
    private readonly Meter _meter = new(SclipTelemetry.LiveName);
    private readonly BoardService _board;

    public BoardMetrics(BoardService board)
    {
        _board = board;
        _meter.CreateObservableGauge("sclip.queue.shards", () => Queues(queue => queue.Shards), "{shard}", "Shards that wait in a queue.");
        _meter.CreateObservableGauge("sclip.queue.workers", () => Queues(queue => queue.Workers), "{worker}", "Workers that take from a queue.");
        _meter.CreateObservableGauge("sclip.workers", Workers, "{worker}", "Workers that were heard of lately, by how they are.");
        _meter.CreateObservableGauge("sclip.jobs", States, "{job}", "Jobs, by how they stand.");
        _meter.CreateObservableGauge("sclip.job.images", Images, "{image}", "Images of a job that has not ended, by what became of them.");
        _meter.CreateObservableGauge("sclip.job.idle", Idle, "s", "Time since anything changed of a job that has not ended.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<JobProgress> OpenJobs() =>
        _board.View.Overview.Jobs.Where(job => job.Status.State is JobState.Planning or JobState.Running).Take(MostJobs);

    private IEnumerable<Measurement<long>> Queues(Func<QueueState, long> value) =>
        _board.View.Overview.Queues.Select(queue => new Measurement<long>(value(queue), Tag("sclip.queue", queue.Name)));

    private IEnumerable<Measurement<long>> Workers() => Enum.GetValues<WorkerPhase>().Select(phase => new Measurement<long>(
        _board.View.Overview.Workers.Count(worker => worker.State == phase), Tag("sclip.worker.state", phase.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> States() => Enum.GetValues<JobState>().Select(state => new Measurement<long>(
        _board.View.States.GetValueOrDefault(state), Tag("sclip.job.state", state.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> Images()
    {
        foreach (var job in OpenJobs().Select(job => job.Status))
        {
            yield return Count(job.Labelled, "labelled");
            yield return Count(job.Failed, "failed");
            if (job.Images is { } images)
                yield return Count(Math.Max(0, images - job.Labelled - job.Failed), "open");

            Measurement<long> Count(long count, string outcome) => new(count, Tag("sclip.job", job.Id), Tag("sclip.job.outcome", outcome));
        }
    }

    private IEnumerable<Measurement<double>> Idle() => OpenJobs().Select(job => new Measurement<double>(job.IdleSeconds ?? 0, Tag("sclip.job", job.Status.Id)));

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
