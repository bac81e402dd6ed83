namespace Sclip.Soak.Faults;

/// <summary>A worker stands still for a while (SIGSTOP, SIGCONT), up to longer than the broker waits for a sign of life: others take its shards, and it goes on with them.</summary>
internal sealed class WorkerFrozen : IFault
{
    public string Kind => "worker frozen";

    public int Cards => 5;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var time = random.Seconds(1, 40);
        return Task.FromResult(stage.Workers.FreezeAny(random, time) is { } frozen ? new Injection($"worker {frozen.Number} for {time.Shown()}", frozen.End) : null);
    }
}
