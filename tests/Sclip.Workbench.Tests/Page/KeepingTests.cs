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
        await bench.Page.RouteAsync("**/state", route => isAway ? route.AbortAsync() : route.ContinueAsync());
        await bench.Names.Nth(4).FillAsync("planks");
        var told = bench.Page.GetByText("What was typed is not kept");
        await Expect(told).ToBeVisibleAsync();
        isAway = false;
        await Expect(told).ToBeHiddenAsync();
        // Nothing is left to be sent while the page goes.
        var asked = bench.Asked();
        await bench.Page.ReloadAsync();
        await Expect(bench.Names.Nth(4)).ToHaveValueAsync("planks");
        Assert.DoesNotContain("state", asked);
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
