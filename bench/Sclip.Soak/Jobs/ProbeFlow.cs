using System.Diagnostics;
using Sclip.Contracts.Jobs;
using Sclip.Soak.Cluster;

namespace Sclip.Soak.Jobs;

/// <summary>
/// Submits jobs of one picture now and then, and looks how long they wait. The clock runs while a worker is up and broker and store are as
/// they should be; a probe must be begun within 10 seconds and what one worker takes for all jobs that were open in its queue when it came; not
/// one whose message a fault took away.
/// </summary>
internal sealed class ProbeFlow(SoakCluster cluster, SoakWorkers workers, JobFlow flow, Report report)
{
    private const double MostSeconds = 10;
    private const double MostPause = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly List<double> _waits = [];

    /// <summary>Seconds that probes waited, sorted.</summary>
    public IReadOnlyList<double> Waits
    {
        get
        {
            lock (_waits)
                return [.. _waits.Order()];
        }
    }

    /// <summary>The largest share of its time that a probe took.</summary>
    public double WorstShare { get; private set; }

    public async Task FlowAsync(Random random, CancellationToken cancellationToken)
    {
        var probes = new List<Task>();
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(MostPause * random.NextDouble()), cancellationToken);
                var probe = flow.Draws.Probe(random);
                probes.Add(flow.GuardAsync($"probe {probe.Id}", () => TimeAsync(probe, cancellationToken)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(probes);
        }
    }

    private async Task TimeAsync(SoakJob probe, CancellationToken cancellationToken)
    {
        // Once it is submitted, whatever ends the flow: it is a job like the others.
        await flow.SubmitAsync(probe, CancellationToken.None);
        var before = flow.Open.Where(job => job.IsUrgent == probe.IsUrgent && job != probe).ToArray();
        var allowed = MostSeconds + before.Sum(job => job.Seconds);
        var (waited, last) = (0.0, Stopwatch.GetTimestamp());
        var told = false;
        while (!await IsBegunAsync(probe) && !cancellationToken.IsCancellationRequested)
        {
            if (probe.HasLost)
                return;
            await Task.Delay(Look, CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(last).TotalSeconds;
            last = Stopwatch.GetTimestamp();
            if (cluster.Weather.IsCalm && workers.AnyWorks)
                waited += seconds;
            if (waited > allowed && !told)
            {
                told = true;
                report.Break(FormattableString.Invariant($"{probe} waits since {waited:0.0} s, of {allowed:0.0} s allowed; before it: {string.Join(", ", before.Select(job => job.ToString()))}"));
            }
        }
        lock (_waits)
        {
            _waits.Add(waited);
            WorstShare = Math.Max(WorstShare, waited / allowed);
        }
    }

    private async Task<bool> IsBegunAsync(SoakJob probe)
    {
        try
        {
            return await cluster.Jobs.Store.ExistsAsync(JobNames.Result(probe.Id, 0), default) || await cluster.Jobs.Store.ExistsAsync(JobNames.Draft(probe.Id, 0), default);
        }
        catch (Exception error) when (Persistence.IsPassing(error))
        {
            return false;
        }
    }
}
