namespace Sclip.Soak.Faults;

/// <summary>A worker, one more than there are, loses its device after some pictures, and ends as failed.</summary>
internal sealed class DeviceLost : IFault
{
    public string Kind => "device lost";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var at = random.Next(1, 20);
        return Task.FromResult<Injection?>(new($"worker {stage.Workers.StartDoomed(at)} at its call {at}"));
    }
}
