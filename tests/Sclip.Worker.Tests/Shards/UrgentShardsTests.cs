using Sclip.Worker.Shards;

namespace Sclip.Worker.Tests.Shards;

public sealed class UrgentShardsTests
{
    [Fact]
    public async Task Others_wait_while_there_is_an_urgent_shard_for_each_device()
    {
        var shards = new UrgentShards(devices: 2);
        await shards.GiveWayAsync(TestContext.Current.CancellationToken);
        var first = shards.Begin();
        await shards.GiveWayAsync(TestContext.Current.CancellationToken);
        var second = shards.Begin();
        var third = shards.Begin();
        var waiting = shards.GiveWayAsync(TestContext.Current.CancellationToken);
        third.Dispose();
        third.Dispose();
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        await waiting;

        first = shards.Begin();
        using var stop = new CancellationTokenSource();
        waiting = shards.GiveWayAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        second.Dispose();
        await shards.GiveWayAsync(TestContext.Current.CancellationToken);
    }
}
