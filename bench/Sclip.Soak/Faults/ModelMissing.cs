namespace Sclip.Soak.Faults;

/// <summary>A job of a model that there is not: it fails as a whole, with the reason.</summary>
internal sealed class ModelMissing : IFault
{
    public string Kind => "job of a model that there is not";

    public int Cards => 1;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var job = stage.Flow.Draws.OfNoModel(random);
        return Task.FromResult<Injection?>(new(job.ToString(), stage.Flow.SubmitAsync(job, default)));
    }
}
