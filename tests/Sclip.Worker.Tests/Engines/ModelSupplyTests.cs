using System.Diagnostics.Metrics;
using Sclip.Testing;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class ModelSupplyTests
{
    private const string Id = FakeHub.Id;

    [Fact]
    public async Task A_model_that_is_here_is_never_waited_for()
    {
        using var fixture = new EngineFixture();
        await fixture.Supply.EnsureAsync("demo/model", default);
        Assert.Null(fixture.Supply.WhyNot("demo/model"));
        Assert.Empty(fixture.Supply.Waits);
    }

    [Fact]
    public async Task Who_asks_for_a_model_of_a_hub_that_does_not_answer_waits_a_moment_and_others_do_not_wait_at_all()
    {
        var answer = new TaskCompletionSource();
        await using var hub = FakeHub.Start();
        hub.Next("", async exchange =>
        {
            await answer.Task;
            await exchange.SendContent(exchange.Content);
        });
        using var fixture = new EngineFixture(hub.Endpoint) { Patience = TimeSpan.FromSeconds(0.1) };
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync(Id, default));
        Assert.Equal($"waiting for model {Id}: it is being pulled.", error.Hold.Reason);
        fixture.Time.Advance(1);
        Assert.Equal(error.Hold.Reason, fixture.Supply.WhyNot(Id)?.Hold.Reason);
        Assert.Equal([error.Hold.Reason], fixture.Supply.Waits.Select(wait => wait.Reason));
        Assert.Null(fixture.Supply.WhyNot("org/other"));
        // The pull has gone on without who asked for it.
        answer.SetResult();
        await UntilAsync(() => fixture.Supply.Waits.Count == 0);
        await fixture.Supply.EnsureAsync(Id, default);
        Assert.Single(hub.RequestsOf("model.safetensors"));
    }

    [Fact]
    public async Task A_model_that_cannot_be_had_now_is_tried_again_after_pauses_that_grow()
    {
        using var fixture = new EngineFixture();
        var pauses = new List<double>();
        for (var failure = 0; failure < 50; failure++)
        {
            await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync(Id, default));
            // Of the second try on, nobody waits for the end.
            await UntilAsync(() => fixture.Supply.WhyNot(Id) is not null && fixture.Supply.Waits[0].Reason.Contains("cannot be pulled now", StringComparison.Ordinal) && !fixture.Supply.IsPulling(Id));
            var pause = 0.0;
            for (; fixture.Supply.WhyNot(Id) is not null && pause < 1000; pause += 0.5)
                fixture.Time.Advance(0.5);
            pauses.Add(pause);
        }
        Assert.Equal([5, 10, 20, 40, 80, .. Enumerable.Repeat(120.0, 45)], pauses);
    }

    [Fact]
    public async Task A_model_that_there_is_not_is_said_to_whoever_asks_though_the_hub_took_long_to_say_so()
    {
        await using var hub = FakeHub.Start();
        var answer = new TaskCompletionSource();
        hub.Next("", async exchange =>
        {
            await answer.Task;
            await exchange.Send(404, [], []);
        });
        using var fixture = new EngineFixture(hub.Endpoint) { Patience = TimeSpan.FromSeconds(0.1) };
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync("org/typo", default));
        answer.SetResult();
        await UntilAsync(() => !fixture.Supply.IsPulling("org/typo"));
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Supply.EnsureAsync("org/typo", default));
        Assert.Contains("has no model 'org/typo'", error.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Supply.Waits);
    }

    [Fact]
    public async Task A_verdict_that_nobody_asked_for_is_not_one_for_good()
    {
        await using var hub = FakeHub.Start();
        hub.Next("", 404);
        using var fixture = new EngineFixture(hub.Endpoint) { Patience = TimeSpan.Zero };
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync(Id, default));
        await UntilAsync(() => !fixture.Supply.IsPulling(Id));
        fixture.Time.Advance(90);
        // As a consumer asks: first whether it is worth it.
        Assert.Null(fixture.Supply.WhyNot(Id));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync(Id, default));
        await UntilAsync(() => !fixture.Supply.IsPulling(Id));
        await fixture.Supply.EnsureAsync(Id, default);
    }

    [Fact]
    public async Task A_model_that_no_job_asks_for_any_more_is_not_waited_for()
    {
        using var fixture = new EngineFixture();
        await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync(Id, default));
        Assert.Single(fixture.Supply.Waits);
        fixture.Time.Advance(180);
        Assert.Empty(fixture.Supply.Waits);
    }

    [Fact]
    public void The_time_that_a_model_is_waited_for_is_measured_by_its_name()
    {
        using var fixture = new EngineFixture();
        fixture.Supply.Fail("org/measured", "does not fit.");
        fixture.Time.Advance(7);
        var measured = new List<(double Value, string? Unit, string Model)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "sclip.model.wait")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add((value, instrument.Unit, tags.ToArray().Single(tag => tag.Key == "sclip.model").Value as string ?? "")));
        listener.Start();
        listener.RecordObservableInstruments();
        // Other tests have models of their own.
        Assert.Equal([(7, "s", "org/measured")], measured.Where(item => item.Model == "org/measured"));
    }

    [Fact]
    public async Task A_model_that_is_here_and_cannot_be_read_is_remembered_until_it_can()
    {
        using var fixture = new EngineFixture();
        fixture.Supply.Fail("demo/model", "does not fit.");
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Supply.EnsureAsync("demo/model", default));
        Assert.Equal("waiting for model demo/model: it does not fit.", error.Hold.Reason);
        fixture.Time.Advance(5);
        (await fixture.Rent()).Dispose();
        Assert.Empty(fixture.Supply.Waits);
        Assert.Null(fixture.Supply.WhyNot("demo/model"));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var left = 600; !holds(); left--)
        {
            Assert.True(left > 0, "It did not come to it.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
