using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Messaging;
using Sclip.Testing;
using Sclip.Worker.Shards;
using Sclip.Worker.Tests.Engines;

namespace Sclip.Worker.Tests.Shards;

public class ConsumerWatchTests
{
    private readonly StoppableHost _host = new();
    private readonly ManualTime _time = new();
    private readonly ConsumerWatch _watch;
    private readonly object _channel = new();

    public ConsumerWatchTests() => _watch = new(_host, _time);

    [Fact]
    public async Task A_worker_that_has_had_no_consumer_since_its_start_is_not_ready_after_a_minute_and_not_alive_after_five()
    {
        await IsAsync(ready: true, live: true);
        _time.Advance(59);
        await IsAsync(ready: true, live: true);
        _time.Advance(16);
        await IsAsync(ready: false, live: true);
        Assert.Equal(
            "no consumer on segment-shard-urgent for 75 s: there has been none since the worker started; no consumer on segment-shard for 75 s: there has been none since the worker started",
            _watch.Problem(ConsumerWatch.ReadyLimit));
        _time.Advance(225);
        await IsAsync(ready: false, live: false);
    }

    [Fact]
    public async Task One_queue_without_a_consumer_is_enough_and_the_last_reason_is_told()
    {
        Begin();
        _time.Advance(1000);
        await IsAsync(ready: true, live: true);
        _watch.End(ShardQueues.Bulk, _channel, "its channel was closed with 406 PRECONDITION_FAILED");
        _time.Advance(61);
        Assert.Equal("no consumer on segment-shard for 61 s: its channel was closed with 406 PRECONDITION_FAILED", _watch.Problem(ConsumerWatch.ReadyLimit));
        _watch.Fail(ShardQueues.Bulk, "the broker refuses it");
        _watch.Fail(ShardQueues.Urgent, "another queue's, which has one");
        Assert.Equal("no consumer on segment-shard for 61 s: the broker refuses it", _watch.Problem(ConsumerWatch.ReadyLimit));
        _watch.Begin(ShardQueues.Bulk, new object());
        await IsAsync(ready: true, live: true);
    }

    [Fact]
    public async Task The_late_end_of_a_channel_that_has_been_replaced_is_no_loss()
    {
        Begin();
        _watch.End(ShardQueues.Bulk, _channel, "lost");
        _watch.Begin(ShardQueues.Bulk, new object());
        _watch.End(ShardQueues.Bulk, _channel, "told late");
        _time.Advance(1000);
        await IsAsync(ready: true, live: true);
    }

    [Fact]
    public async Task A_worker_that_was_told_to_end_needs_no_consumer()
    {
        _time.Advance(1000);
        await IsAsync(ready: false, live: false);
        _host.BeginStop();
        await IsAsync(ready: true, live: true);
    }

    [Fact]
    public void The_log_says_each_once_for_each_loss()
    {
        var lines = new LogLines<ConsumerLog>();
        using var log = new ConsumerLog(_watch, lines);
        for (var loss = 0; loss < 2; loss++)
        {
            Begin();
            log.Look();
            _watch.End(ShardQueues.Urgent, _channel, "lost");
            for (var second = 0; second < 400; second++, _time.Advance(1))
                log.Look();
        }
        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Warning, LogLevel.Error], lines.Written.Select(line => line.Level));
        Assert.Equal("The worker is not ready, and takes no shard: no consumer on segment-shard-urgent for 60 s: lost", lines.Written[0].Text);
        Assert.Contains("for 300 s", lines.Written[1].Text, StringComparison.Ordinal);
    }

    private void Begin()
    {
        foreach (var queue in ShardQueues.Work)
            _watch.Begin(queue, _channel);
    }

    private async Task IsAsync(bool ready, bool live)
    {
        var states = new List<HealthStatus>();
        foreach (var limit in new[] { ConsumerWatch.ReadyLimit, ConsumerWatch.LiveLimit })
            states.Add((await new ConsumerHealthCheck(_watch, limit).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
        Assert.Equal([ready ? HealthStatus.Healthy : HealthStatus.Unhealthy, live ? HealthStatus.Healthy : HealthStatus.Unhealthy], states);
    }
}
