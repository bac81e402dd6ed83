using Sclip.Soak.Jobs;

namespace Sclip.Soak.Faults;

/// <summary>A job of a model that the hub does not give for a while, and nobody has: it waits for that, and nothing else does.</summary>
internal sealed class ModelAway : IFault
{
    public string Kind => "job of a model that cannot be had for a while";

    public int Cards => 2;

    public Task<Injection?> BeginAsync(Stage stage, Random random)
    {
        var (time, job) = (random.Seconds(5, 60), stage.Flow.Draws.OfOtherModel(random));
        return Task.FromResult<Injection?>(new($"{job} for {time.Shown()}", ReturnAsync(stage, job, time)));
    }

    private static async Task ReturnAsync(Stage stage, SoakJob job, TimeSpan time)
    {
        stage.Cluster.Hub.Have(job.Request.Model!, isGiven: false);
        await stage.Flow.SubmitAsync(job, default);
        await Task.Delay(time);
        stage.Cluster.Hub.Have(job.Request.Model!, isGiven: true);
    }
}
