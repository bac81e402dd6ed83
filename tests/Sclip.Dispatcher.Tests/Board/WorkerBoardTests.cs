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
