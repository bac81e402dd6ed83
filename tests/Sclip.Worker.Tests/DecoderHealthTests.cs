using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Tests.Engines;

namespace Sclip.Worker.Tests;

public sealed class DecoderHealthTests
{
    [Fact]
    public async Task A_thread_that_is_lost_makes_the_worker_unhealthy_and_ends_it_as_failed_once()
    {
        var host = new StoppableHost();
        var health = new DecoderHealth(host, host.Exit, NullLogger<DecoderHealth>.Instance);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Status);
        health.Lose("photos/a\n.heic", TimeSpan.FromSeconds(60));
        health.Lose("photos/b.heic", TimeSpan.FromSeconds(60));
        var result = await health.CheckHealthAsync(new(), TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.StartsWith("The decoder of photos/a", result.Description, StringComparison.Ordinal);
        Assert.EndsWith(".heic has not come back within 60 s.", result.Description, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Description!);
        Assert.Equal((1, 1), (host.Stops, host.Exit.Code));
    }
}
