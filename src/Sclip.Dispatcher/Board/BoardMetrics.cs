using System.Diagnostics.Metrics;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;

namespace Sclip.Dispatcher.Board;

/// <summary>Gauges of jobs, workers and queues, from what the board knows: a scrape reads no blob and asks no broker.</summary>
internal sealed class BoardMetrics : IDisposable
{
    private const int MostJobs = 100;

    /// <summary>Jobs before their gauges begin anew: three series a job, and one for each kind that it waits for, of the 2,000 that a gauge may have.</summary>
    private const int MostJobsSeen = 300;

    private readonly Meter _meter = new(SclipTelemetry.Name);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Func<BoardView> _view;
    private Meter _jobs;

    public BoardMetrics(Func<BoardView> view)
    {
        _view = view;
        _meter.CreateObservableGauge("sclip.queue.shards", () => Queues(queue => queue.Shards), "{shard}", "Shards that wait in a queue.");
        _meter.CreateObservableGauge("sclip.queue.workers", () => Queues(queue => queue.Workers), "{worker}", "Workers that take from a queue.");
        _meter.CreateObservableGauge("sclip.workers", Workers, "{worker}", "Workers that have reported lately, by their state.");
        _meter.CreateObservableGauge("sclip.jobs", States, "{job}", "Jobs, by how they stand.");
        _jobs = MeterOfJobs();
    }

    public void Dispose()
    {
        _meter.Dispose();
        _jobs.Dispose();
    }

    /// <summary>Takes note of the jobs that there are: the place of a series that is gone is free again only when its gauge is, too.</summary>
    public void Follow()
    {
        _seen.UnionWith(OpenJobs().Select(job => job.Status.Id));
        if (_seen.Count <= MostJobsSeen)
            return;
        _seen.Clear();
        _jobs.Dispose();
        _jobs = MeterOfJobs();
    }

    private Meter MeterOfJobs()
    {
        var meter = new Meter(SclipTelemetry.Name);
        meter.CreateObservableGauge("sclip.job.images", Images, "{image}", "Images of a job that has not ended, by what became of them.");
        meter.CreateObservableGauge("sclip.job.idle", Idle, "s", "Time since anything changed of a job that has not ended.");
        meter.CreateObservableGauge("sclip.job.waiting", Waiting, "s", "Time since anything changed of a job that waits, by what it waits for.");
        return meter;
    }

    private IEnumerable<JobProgress> OpenJobs() =>
        _view().Overview.Jobs.Where(job => !job.Status.State.HasEnded()).Take(MostJobs);

    private IEnumerable<Measurement<long>> Queues(Func<QueueState, long> value) =>
        _view().Overview.Queues.Select(queue => new Measurement<long>(value(queue), Tag("sclip.queue", queue.Name)));

    private IEnumerable<Measurement<long>> Workers() => Enum.GetValues<WorkerPhase>().Select(phase => new Measurement<long>(
        _view().Overview.Workers.Count(worker => worker.State == phase), Tag("sclip.worker.state", phase.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> States() => Enum.GetValues<JobState>().Select(state => new Measurement<long>(
        _view().States.GetValueOrDefault(state), Tag("sclip.job.state", state.ToString().ToLowerInvariant())));

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

    private IEnumerable<Measurement<double>> Waiting() => OpenJobs().Where(job => job.Status.State == JobState.Waiting).Select(job => new Measurement<double>(
        job.IdleSeconds ?? 0, Tag("sclip.job", job.Status.Id), Tag("sclip.job.waits_for", job.Status.WaitsFor?.ToString().ToLowerInvariant() ?? "unknown")));

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
