using System.Collections.Concurrent;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>What was typed is kept, also by a service that was away for a while.</summary>
[Collection(nameof(PageTests))]
public sealed class KeepingTests(PageFixture fixture)
{
    [Fact]
    public async Task What_could_not_be_kept_is_kept_later_without_another_change()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var isAway = true;
        // What was kept, and what of that was sent once more. Judgements, which come in their own time, are kept, too.
        var (kept, again) = (new ConcurrentDictionary<string, bool>(), new ConcurrentQueue<string>());
        bench.Page.Request += (_, request) =>
        {
            if (request.Method == "PUT" && kept.ContainsKey(request.PostData!))
                again.Enqueue(request.PostData!);
        };
        bench.Page.RequestFinished += (_, request) =>
        {
            if (request.Method == "PUT")
                kept[request.PostData!] = true;
        };
        await bench.Page.RouteAsync("**/state", route => isAway ? route.AbortAsync() : route.ContinueAsync());
        await bench.Names.Nth(4).FillAsync("planks");
        var told = bench.Page.GetByText("What was typed is not kept");
        await Expect(told).ToBeVisibleAsync();
        isAway = false;
        await Expect(told).ToBeHiddenAsync();
        await bench.Page.ReloadAsync();
        await Expect(bench.Names.Nth(4)).ToHaveValueAsync("planks");
        Assert.NotEmpty(kept);
        // Nor while the page goes.
        Assert.Empty(again);
    }

    [Fact]
    public async Task What_is_not_answered_when_the_page_goes_is_sent_again()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Page.EvaluateAsync("""
            () => {
              const [real, mark] = [fetch, document.documentElement.dataset];
              window.fetch = (url, options) => {
                if (options?.method !== 'PUT' || mark.unanswered) return real(url, options);
                mark.unanswered = 'one';
                return new Promise(() => {});
              };
            }
            """);
        await bench.Names.Nth(4).FillAsync("planks");
        await Expect(bench.Page.Locator("html")).ToHaveAttributeAsync("data-unanswered", "one");
        await bench.Page.ReloadAsync();
        await Expect(bench.Names.Nth(4)).ToHaveValueAsync("planks");
    }

    [Fact]
    public async Task What_is_refused_is_not_sent_again_and_again()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var sent = 0;
        await bench.Page.RouteAsync("**/state", route =>
        {
            Interlocked.Increment(ref sent);
            return route.FulfillAsync(new() { Status = 404, ContentType = "application/problem+json", Body = """{"detail": "There is no such session."}""" });
        });
        await bench.Names.Nth(4).FillAsync("planks");
        await Expect(bench.Page.GetByText("What was typed is not kept: There is no such session.")).ToBeVisibleAsync();
        // Judgements are kept, too, and come in their own time; then it is still for longer than what is lost waits to be sent again.
        var before = -1;
        for (var round = 0; round < 10 && before != sent; round++)
        {
            before = sent;
            await Task.Delay(4000);
        }
        Assert.Equal(before, sent);
    }
}
