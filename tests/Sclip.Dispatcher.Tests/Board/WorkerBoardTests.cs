using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;
using Sclip.Dispatcher.Board;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>What the board makes of reports.</summary>
public sealed class WorkerBoardTests
{
    private readonly ManualTime _time = new();
    private readonly WorkerBoard _board;

    public WorkerBoardTests() => _board = new(_time);

    [Fact]
    public void A_worker_is_gone_after_twenty_seconds_of_silence()
    {
        _board.Hear(Report("b"));
        _time.Advance(15);
        _board.Hear(Report("a"));
        Assert.Equal(["a", "b"], _board.Workers().Select(worker => worker.Name));
        _time.Advance(6);
        Assert.Equal("a", Assert.Single(_board.Workers()).Name);
    }

    [Fact]
    public void Its_rate_is_that_of_the_last_minute()
    {
        foreach (var images in (int[])[100, 110, 120])
        {
            _board.Hear(Report("a", images));
            _time.Advance(5);
        }
        Assert.Equal((120, 2.0), (_board.Workers()[0].Images, _board.Workers()[0].ImagesPerSecond));
    }

    [Fact]
    public void One_that_stops_is_there_until_its_last_shard_has_ended()
    {
        var shard = new ShardInWork { Job = "j", Shard = 3, Since = _time.GetUtcNow() };
        _board.Hear(Report("a") with { Phase = WorkerPhase.Stopping, Shards = [shard] });
        Assert.Equal(shard, Assert.Single(Assert.Single(_board.Workers()).Shards));
        _board.Hear(Report("a") with { Phase = WorkerPhase.Stopping });
        Assert.Empty(_board.Workers());
    }

    [Fact]
    public void One_that_is_gone_is_remembered_with_its_errors_and_its_last_shards()
    {
        var (first, second) = (new ShardInWork { Job = "j", Shard = 1, Since = _time.GetUtcNow() }, new ShardInWork { Job = "j", Shard = 2, Since = _time.GetUtcNow() });
        var error = new WorkerError(_time.GetUtcNow(), "j", 1, "The disk is full.");
        _board.Hear(Report("a") with { Shards = [first] });
        _time.Advance(5);
        _board.Hear(Report("a", images: 10) with { Shards = [second], Errors = [error], MemoryBytes = 12345 });
        var detail = _board.Find("a")!;
        Assert.Equal((false, 12345L, error), (detail.Worker.Gone, detail.MemoryBytes, Assert.Single(detail.Errors)));
        Assert.Equal([(2, false), (1, true)], detail.RecentShards.Select(shard => (shard.Shard, shard.Ended is not null)));
        _time.Advance(21);
        Assert.Empty(_board.Workers());
        Assert.True(_board.Find("a")!.Worker.Gone);
        Assert.All(_board.Find("a")!.RecentShards, shard => Assert.NotNull(shard.Ended));
        Assert.Null(_board.Find("b"));
    }

    [Fact]
    public void Its_history_has_a_rate_a_minute_and_ends()
    {
        for (var minute = 0; minute < 400; minute++)
            for (var step = 0; step < 12; step++)
            {
                _board.Hear(Report("a", images: (minute * 12 + step) * 10));
                _time.Advance(5);
            }
        var history = _board.Find("a")!.History;
        Assert.Equal(360, history.Count);
        Assert.All(history, rate => Assert.Equal(2.0, rate.ImagesPerSecond));
        Assert.Equal(TimeSpan.FromMinutes(359), history[^1].Time - history[0].Time);
    }

    [Fact]
    public void Of_very_many_workers_those_that_were_heard_of_last_are_remembered()
    {
        for (var i = 0; i < 1100; i++)
        {
            _board.Hear(Report($"worker-{i}"));
            _time.Advance(0.01);
        }
        Assert.Equal(1000, _board.Workers().Count);
        Assert.Null(_board.Find("worker-0"));
        Assert.NotNull(_board.Find("worker-1099"));
    }

    private WorkerReport Report(string worker, long images = 0) => new()
    {
        Worker = worker,
        Started = _time.GetUtcNow(),
        Version = "1.0.0",
        Phase = WorkerPhase.Ready,
        Shards = [],
        Images = images,
        Windows = 4 * images,
        Models = [],
    };
}
