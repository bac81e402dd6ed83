namespace Sclip.Soak.Faults;

/// <summary>A job with a picture whose decoder does not come back: it is a failed item, the worker that met it ends as failed, and the rest is labelled.</summary>
internal sealed class HangingPicture : IFault
{
    public string Kind => "job with a picture that hangs";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var job = stage.Flow.Draws.Hanging(random);
        return Task.FromResult<Injection?>(new(job.ToString(), stage.Flow.SubmitAsync(job, default)));
    }
}
