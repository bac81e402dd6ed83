using Sclip.Chaos;
using Sclip.Soak.Jobs;

namespace Sclip.Soak.Faults;

/// <summary>A job is cancelled in the middle, and retried after a while; what is labelled meanwhile must be right.</summary>
internal sealed class JobCancelled : IFault
{
    public string Kind => "job cancelled and retried";

    public int Cards => 5;

    public async Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var pause = random.Seconds(0, 10);
        if (stage.AnyJob(random) is not { } job || !await stage.Flow.CancelAsync(job))
            return null;
        return new Injection($"{job.Id}, retried after {pause.Shown()}", RetryAsync(stage, job, pause));
    }

    private static async Task RetryAsync(Stage stage, SoakJob job, TimeSpan pause)
    {
        await Task.Delay(pause);
        var masks = await Persistence.TryAsync(() => JobJudge.MasksAsync(stage.Cluster.Jobs, job.Id), default);
        if (JobJudge.WrongMasks(masks, stage.Cluster.CalmMasks).FirstOrDefault() is { } wrong)
            throw new InvalidDataException($"{job.Id} was cancelled: {wrong}");
        await stage.Flow.RetryAsync(job, failed: false, default);
    }
}
