using Sclip.Chaos;
using Sclip.Soak.Cluster;
using Sclip.Soak.Faults;
using Sclip.Soak.Jobs;

namespace Sclip.Soak;

/// <summary>A run: rounds of jobs and faults, each with a judgement at its end.</summary>
internal sealed class SoakRun(SoakOptions options, string folder, Report report)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan CalmPatience = TimeSpan.FromMinutes(5);

    private static readonly IFault[] Kinds =
    [
        new BrokerConnectionsCut(), new StoreConnectionsCut(), new BrokerSilent(), new StoreSilent(), new BrokerKilled(), new StoreStopped(), new BrokerDiskFull(), new StoreDiskFull(),
        new StoreSlow(), new StoreFails(), new StoreAnswersLost(), new WorkerKilled(), new WorkerTerminated(), new WorkerFrozen(), new DeviceLost(),
        new MessageDoubled(), new MessageLost(), new SlowShard(), new DamagedPictures(), new DeadlyPicture(), new HangingPicture(), new ModelAway(), new ModelMissing(), new JobCancelled(),
    ];

    /// <summary>Runs until it is enough, or cancelled.</summary>
    /// <returns>Whether every rule held.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var cluster = new SoakCluster();
        await cluster.StartAsync();
        await SoakPictures.UploadAsync(cluster);
        var draws = new JobDraws(cluster.Labels);
        var flow = new JobFlow(cluster, draws, report);
        await using var workers = new SoakWorkers(options.Workers, cluster, folder, () => flow.AnyKills, report);
        var probes = new ProbeFlow(cluster, workers, flow, report);
        var judgement = new Judgement(cluster, flow, report);
        workers.Start();
        try
        {
            await CalmAsync(cluster, draws, flow, workers, judgement, cancellationToken);
            for (var round = 0; !IsEnough; round++)
            {
                await PlayAsync(new Stage(cluster, workers, flow), probes, round, cancellationToken);
                report.Say($"round {round + 1} is over; its {flow.Jobs.Count} jobs are waited for and judged");
                await judgement.JudgeAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            report.Say($"interrupted; {flow.Jobs.Count} jobs of this round are not judged");
        }
        Conclude(cluster, probes, judgement);
        if (report.Broken.Count > 0)
            await File.WriteAllTextAsync(Path.Combine(folder, "broker.log"), cluster.Broker.Log, CancellationToken.None);
        return report.Broken.Count == 0;
    }

    private bool IsEnough => report.Faults >= (options.Faults ?? int.MaxValue) || report.Elapsed >= (options.Time ?? TimeSpan.MaxValue);

    /// <summary>All pictures without a fault: the masks that later ones are held against, and how long a picture takes.</summary>
    private async Task CalmAsync(SoakCluster cluster, JobDraws draws, JobFlow flow, SoakWorkers workers, Judgement judgement, CancellationToken cancellationToken)
    {
        while (!workers.AnyWorks)
            await Task.Delay(Look, cancellationToken);
        var (good, slow) = (draws.Calm(), draws.Slow());
        await flow.SubmitAsync(good, cancellationToken);
        await UntilCompleteAsync(good);
        draws.SecondsPerImage = good.Took!.Value.TotalSeconds * options.Workers / good.Images;
        await flow.SubmitAsync(slow, cancellationToken);
        await UntilCompleteAsync(slow);
        var masks = await JobJudge.MasksAsync(cluster.Jobs, good.Id);
        foreach (var (image, digest) in await JobJudge.MasksAsync(cluster.Jobs, slow.Id))
            masks[image] = digest;
        cluster.Calm(masks);
        await judgement.JudgeAsync(cancellationToken);
        report.Say(FormattableString.Invariant($"calm run: {masks.Count} masks; a worker takes {draws.SecondsPerImage * 1000:0} ms for a picture"));

        async Task UntilCompleteAsync(SoakJob job)
        {
            while (job.Took is null)
            {
                if (report.Elapsed > CalmPatience)
                    throw new TimeoutException($"The calm run is not done after {CalmPatience.TotalMinutes:0} minutes; the workers' logs are in {folder}.");
                await flow.LookAsync(cancellationToken);
                await Task.Delay(Look, cancellationToken);
            }
        }
    }

    private async Task PlayAsync(Stage stage, ProbeFlow probes, int round, CancellationToken cancellationToken)
    {
        // Numbers of their own for each of what goes on at once: what is drawn does not depend on who is faster.
        Random Draws(int stream) => new(unchecked(options.Seed * 1_000_003 + round * 101 + stream));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] flows =
        [
            stage.Flow.GuardAsync("jobs", () => stage.Flow.FlowAsync(options.Jobs, Draws(1), end.Token)),
            stage.Flow.GuardAsync("probes", () => probes.FlowAsync(Draws(2), end.Token)),
        ];
        var faults = new List<Task>();
        var deck = new Deck(Kinds, options, Draws(0));
        try
        {
            while (!deck.IsEmpty && !IsEnough)
            {
                var card = deck.Deal();
                await Task.Delay(card.Pause, cancellationToken);
                if (await card.Fault.BeginAsync(stage, new Random(card.Seed)) is not { } injection)
                {
                    deck.PutBack(card);
                    continue;
                }
                report.Fault(card.Fault.Kind, injection.What);
                faults.Add(stage.Flow.GuardAsync(card.Fault.Kind, () => injection.End));
            }
            await Task.WhenAll(faults).WaitAsync(cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(flows);
        }
    }

    private void Conclude(SoakCluster cluster, ProbeFlow probes, Judgement judgement)
    {
        report.WriteTable();
        report.Say($"deliveries that the broker took back since they were not acknowledged in time: {cluster.TimedOut}");
        report.Say($"pictures blamed for the death of workers that faults killed, and put right by a retry: {judgement.Blamed}");
        if (probes.Waits is { Count: > 0 } waits)
            report.Say(FormattableString.Invariant($"{waits.Count} probes waited, beside faults of servers, {waits[waits.Count / 2]:0.0} s (median), {waits[waits.Count * 95 / 100]:0.0} s (95 %), {waits[^1]:0.0} s (most); at most {probes.WorstShare:0 %} of what is allowed"));
        var figures = $"{report.Faults} faults, {judgement.Jobs} jobs, {judgement.Images} images";
        report.Say(report.Broken.Count == 0 ? $"{figures}: nothing lost" : $"{figures}: {report.Broken.Count} rules broken:\n{string.Join('\n', report.Broken)}");
    }
}
