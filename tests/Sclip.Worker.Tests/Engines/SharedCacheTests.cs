using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class SharedCacheTests : IDisposable
{
    private readonly SharedCache<string, Thing> _cache = new(2);
    private readonly List<Thing> _loaded = [];

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task What_was_not_used_for_longest_goes_first()
    {
        foreach (var key in (string[])["a", "b", "a", "c"])
            (await Rent(key)).Dispose();
        Assert.Equal(["b"], Dropped);
        (await Rent("a")).Dispose();
        Assert.Equal(["a", "b", "c"], _loaded.Select(thing => thing.Key));
    }

    [Fact]
    public async Task What_is_in_use_stays_and_goes_when_it_is_given_back()
    {
        var holdings = new[] { await Rent("a"), await Rent("b"), await Rent("c"), await Rent("a") };
        Assert.Empty(Dropped);
        Assert.Same(holdings[0].Value, holdings[3].Value);
        holdings[0].Dispose();
        holdings[0].Dispose();
        Assert.Empty(Dropped);
        holdings[3].Dispose();
        Assert.Equal(["a"], Dropped);
        holdings[1].Dispose();
        holdings[2].Dispose();
        Assert.Equal(["a"], Dropped);
    }

    [Fact]
    public async Task A_load_goes_on_while_one_still_waits()
    {
        using var impatient = new CancellationTokenSource();
        var load = new SlowLoad();
        var given = _cache.RentAsync("a", load.Run, impatient.Token);
        var kept = _cache.RentAsync("a", load.Run, TestContext.Current.CancellationToken);
        await load.Started.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        load.Result.SetResult(new Thing("a"));
        using var holding = await kept;
        Assert.False(holding.Value.Dropped);
        Assert.False(load.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_load_for_which_nobody_waits_is_given_up_and_what_it_yields_too_late_is_dropped()
    {
        using var impatient = new CancellationTokenSource();
        var load = new SlowLoad();
        var given = _cache.RentAsync("a", load.Run, impatient.Token);
        await load.Started.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.True(load.Token.IsCancellationRequested);
        using var fresh = await Rent("a");
        var late = new Thing("late");
        load.Result.SetResult(late);
        await late.DroppedTask.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(fresh.Value.Dropped);
        Assert.Same(_loaded.Single(), fresh.Value);
    }

    [Fact]
    public async Task A_load_that_failed_is_not_kept()
    {
        for (var attempt = 0; attempt < 2; attempt++)
            await Assert.ThrowsAsync<InvalidDataException>(() =>
                _cache.RentAsync("a", _ => Task.FromException<Thing>(new InvalidDataException()), TestContext.Current.CancellationToken));
        (await Rent("a")).Dispose();
        Assert.Single(_loaded);
    }

    [Fact]
    public async Task Who_asks_anew_after_a_failure_does_not_get_the_same_failure()
    {
        var load = new SlowLoad();
        var holdings = Enumerable.Range(0, 50).Select(_ => AskTwice()).ToArray();
        await load.Started.Task;
        load.Result.SetException(new InvalidDataException());
        foreach (var holding in await Task.WhenAll(holdings))
            holding.Dispose();
        Assert.Single(_loaded);

        async Task<SharedCache<string, Thing>.Holding> AskTwice()
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => _cache.RentAsync("a", load.Run, TestContext.Current.CancellationToken));
            return await Rent("a");
        }
    }

    [Fact]
    public async Task The_end_drops_what_is_idle_at_once_and_what_is_in_use_when_it_is_given_back()
    {
        (await Rent("a")).Dispose();
        var used = await Rent("b");
        var load = new SlowLoad();
        var waiting = _cache.RentAsync("c", load.Run, TestContext.Current.CancellationToken);
        await load.Started.Task;
        _cache.Dispose();
        Assert.Equal(["a"], Dropped);
        Assert.True(load.Token.IsCancellationRequested);
        load.Result.SetCanceled(load.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        used.Dispose();
        Assert.Equal(["a", "b"], Dropped);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Rent("a"));
    }

    private IEnumerable<string> Dropped => _loaded.Where(thing => thing.Dropped).Select(thing => thing.Key);

    private Task<SharedCache<string, Thing>.Holding> Rent(string key) => _cache.RentAsync(key, _ =>
    {
        _loaded.Add(new Thing(key));
        return Task.FromResult(_loaded[^1]);
    }, TestContext.Current.CancellationToken);

    private sealed class SlowLoad
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource<Thing> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Token { get; private set; }

        public Task<Thing> Run(CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            Started.SetResult();
            return Result.Task;
        }
    }

    private sealed class Thing(string key) : IDisposable
    {
        private readonly TaskCompletionSource _dropped = new();

        public string Key => key;

        public bool Dropped => _dropped.Task.IsCompleted;

        public Task DroppedTask => _dropped.Task;

        public void Dispose() => _dropped.SetResult();
    }
}
