namespace Sclip.Soak.Faults;

/// <summary>A job with a picture that kills each process that computes it: it is a failed item in the end, and the rest is labelled.</summary>
internal sealed class DeadlyPicture : IFault
{
    public string Kind => "job with a picture that kills";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var job = stage.Flow.Draws.Deadly(random);
        return Task.FromResult<Injection?>(new(job.ToString(), stage.Flow.SubmitAsync(job, default)));
    }
}
