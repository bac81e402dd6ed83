namespace Sclip.Soak.Faults;

/// <summary>A worker dies at once (SIGKILL).</summary>
internal sealed class WorkerKilled : IFault
{
    public string Kind => "worker killed";

    public int Cards => 10;

    public Task<Injection?> BeginAsync(Stage stage, Random random) =>
        Task.FromResult(stage.Workers.KillAny(random) is { } number ? new Injection($"worker {number}") : null);
}
