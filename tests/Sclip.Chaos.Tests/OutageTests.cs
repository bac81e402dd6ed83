
namespace Sclip.Chaos.Tests;

/// <summary>Servers and networks that fail.</summary>
[Collection(nameof(ClusterTests))]
public sealed class OutageTests(Cluster cluster)
{
    private const int Workers = 3;

    [Fact]
    public async Task A_broker_that_loses_power_in_the_middle_loses_no_shard()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync();
        await JobAssert.HasMasksAsync(cluster, job, 40);
        cluster.Faults.Count("broker killed");
        await cluster.Broker.StopAsync();
        await cluster.Broker.StartAsync();
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task A_blob_server_that_goes_away_for_a_while_is_waited_for()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync();
        foreach (var masks in (int[])[30, 100])
        {
            await JobAssert.HasMasksAsync(cluster, job, masks);
            cluster.Faults.Count("blob server stopped");
            await cluster.Azurite.StopAsync();
            await cluster.Azurite.StartAsync();
        }
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }

    [Fact]
    public async Task A_blob_server_that_stays_away_makes_shards_wait_in_the_later_queue()
    {
        cluster.Workers.Have(0);
        cluster.Workers.Have(Workers, delayMilliseconds: 100);
        var job = await cluster.SubmitAsync();
        await JobAssert.HasMasksAsync(cluster, job, 30);
        cluster.Faults.Count("blob server unreachable");
        cluster.StoreRelay.Refuses = true;
        cluster.Faults.Count("connection cut", cluster.StoreRelay.Cut());
        await Poll.UntilAsync("a shard waits for later", () => Task.FromResult(cluster.Workers.Output.Contains("is tried again in 2 s", StringComparison.Ordinal)), () => JobAssert.ExplainAsync(cluster, job));
        cluster.StoreRelay.Refuses = false;
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
        cluster.Workers.Have(0);
    }

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_lose_no_image()
    {
        cluster.Workers.Have(Workers);
        var job = await cluster.SubmitAsync();
        for (var masks = 20; masks < 180; masks = 20 + await JobAssert.HasMasksAsync(cluster, job, masks))
            cluster.Faults.Count("connection cut", cluster.BrokerRelay.Cut() + cluster.StoreRelay.Cut());
        await JobAssert.EndsWellAsync(cluster, job, Pictures.Count);
    }
}
