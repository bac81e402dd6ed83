namespace Sclip.Contracts.Board;

/// <summary>All jobs and workers in sums.</summary>
public sealed record FleetSummary
{
    /// <summary>The time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How many jobs stand how.</summary>
    public required JobCounts Jobs { get; init; }

    /// <summary>Images of all jobs, as far as these are planned.</summary>
    public required long ImagesTotal { get; init; }

    /// <summary>Images that have a mask.</summary>
    public required long ImagesDone { get; init; }

    /// <summary>Images that failed; none of them is among <see cref="ImagesDone"/>.</summary>
    public required long ImagesFailed { get; init; }

    /// <summary>Images without a result, of jobs that have not ended.</summary>
    public required long ImagesLeft { get; init; }

    /// <summary>Images a second over the last minute, summed up from what each worker says it has done; 0 where none reports.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Seconds until nothing is left at that rate but images of jobs that wait for something else than their turn; null where nothing moves, and where nothing else is left.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>What jobs wait for, that of the most jobs first.</summary>
    public IReadOnlyList<WaitSum> Waiting { get; init; } = [];

    /// <summary>Why images failed, as jobs count it, the most images first.</summary>
    public IReadOnlyList<FailureSum> Failures { get; init; } = [];

    /// <summary>Seconds that workers were at the images of all jobs; see <see cref="Jobs.JobStatus.WorkerSeconds"/>.</summary>
    public required double WorkerSeconds { get; init; }

    /// <summary>Jobs with results whose seconds are not known, since earlier versions finished them; they are not in <see cref="WorkerSeconds"/>.</summary>
    public required int JobsUntimed { get; init; }

    /// <summary>What those seconds cost, in the money of <see cref="PricePerWorkerHour"/>; null without a price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The price of a worker's hour, as the dispatcher's configuration has it; null where it has none.</summary>
    public decimal? PricePerWorkerHour { get; init; }

    /// <summary>Workers that have reported lately.</summary>
    public required int Workers { get; init; }

    /// <summary>Those that take shards.</summary>
    public required int WorkersReady { get; init; }

    /// <summary>Those that have a shard in work.</summary>
    public required int WorkersBusy { get; init; }

    /// <summary>Jobs that are known so far.</summary>
    public required int Indexed { get; init; }

    /// <summary>Whether all jobs are known with their counts; false while they are being read, when the sums are of some of them.</summary>
    public required bool Complete { get; init; }
}
