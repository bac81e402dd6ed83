using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class EngineGateTests
{
    private readonly EngineGate _gate = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task Urgent_callers_go_first_and_each_kind_in_its_order()
    {
        var first = await Enter(urgent: false);
        var all = new[] { Visit("a", false), Visit("b", false), Visit("C", true), Visit("d", false), Visit("E", true) };
        Assert.Empty(_order);
        first.Dispose();
        await Task.WhenAll(all);
        Assert.Equal(["C", "E", "a", "b", "d"], _order);
    }

    [Fact]
    public async Task One_caller_is_inside_at_a_time()
    {
        var (inside, most) = (0, 0);
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (i, token) =>
        {
            using var turn = await _gate.EnterAsync(urgent: i % 3 == 0, token);
            most = Math.Max(most, ++inside);
            await Task.Yield();
            inside--;
        });
        Assert.Equal((0, 1), (inside, most));
    }

    [Fact]
    public async Task A_caller_who_gives_up_waiting_loses_no_turn()
    {
        using var impatient = new CancellationTokenSource();
        var first = await Enter(urgent: false);
        var given = _gate.EnterAsync(urgent: true, impatient.Token).AsTask();
        var next = Visit("next", false);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Empty(_order);
        first.Dispose();
        await next;
        (await Enter(urgent: false)).Dispose();
    }

    [Fact]
    public async Task Cancelled_callers_never_leave_the_gate_shut()
    {
        for (var round = 0; round < 300; round++)
        {
            using var impatient = new CancellationTokenSource();
            var first = await Enter(urgent: false);
            var waiting = _gate.EnterAsync(urgent: false, impatient.Token).AsTask();
            // Its turn comes, or its end: whichever is first, the gate opens again.
            await Task.WhenAll(Task.Run(first.Dispose), Task.Run(impatient.Cancel));
            try
            {
                (await waiting).Dispose();
            }
            catch (OperationCanceledException)
            {
            }
        }
        (await Enter(urgent: false)).Dispose();
    }

    [Fact]
    public async Task A_turn_that_is_given_back_twice_admits_one_caller()
    {
        var first = await Enter(urgent: false);
        var second = _gate.EnterAsync(urgent: false, CancellationToken.None).AsTask();
        var third = _gate.EnterAsync(urgent: false, CancellationToken.None).AsTask();
        first.Dispose();
        first.Dispose();
        var turn = await second;
        Assert.False(third.IsCompleted);
        turn.Dispose();
        (await third).Dispose();
    }

    private ValueTask<IDisposable> Enter(bool urgent) => _gate.EnterAsync(urgent, TestContext.Current.CancellationToken);

    private async Task Visit(string name, bool urgent)
    {
        using var turn = await Enter(urgent);
        _order.Add(name);
    }
}
