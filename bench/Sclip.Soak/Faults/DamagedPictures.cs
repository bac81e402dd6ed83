namespace Sclip.Soak.Faults;

/// <summary>A job with damaged pictures: each is a failed item, and the rest is labelled.</summary>
internal sealed class DamagedPictures : IFault
{
    public string Kind => "job with damaged pictures";

    public int Cards => 3;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var job = stage.Flow.Draws.Damaged(random);
        return Task.FromResult<Injection?>(new(job.ToString(), stage.Flow.SubmitAsync(job, default)));
    }
}
