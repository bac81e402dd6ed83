namespace Sclip.Soak.Faults;

/// <summary>A job of one shard that takes longer than the broker waits for an acknowledgement.</summary>
internal sealed class SlowShard : IFault
{
    public string Kind => "shard longer than the consumer timeout";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var job = stage.Flow.Draws.Slow();
        return Task.FromResult<Injection?>(new(job.ToString(), stage.Flow.SubmitAsync(job, default)));
    }
}
