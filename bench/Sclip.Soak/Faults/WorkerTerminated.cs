namespace Sclip.Soak.Faults;

/// <summary>A worker is told to end (SIGTERM), as Kubernetes does.</summary>
internal sealed class WorkerTerminated : IFault
{
    public string Kind => "worker told to end";

    public int Cards => 6;

    public Task<Injection?> BeginAsync(Stage stage, Random random) =>
        Task.FromResult(stage.Workers.TerminateAny(random) is { } ended ? new Injection($"worker {ended.Number}", ended.End) : null);
}
