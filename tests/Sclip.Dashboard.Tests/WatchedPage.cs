using Microsoft.Playwright;

namespace Sclip.Dashboard.Tests;

/// <summary>A page whose every request, error and dialog is looked at; it ends the test where one should not be.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    public WatchedPage(IBrowserContext context, IPage page, string address)
    {
        (_context, Page, Address) = (context, page, address);
        page.PageError += (_, error) => Add($"an error in a script: {error}");
        page.Dialog += (_, dialog) => Add($"a dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal))
                Add($"a request to elsewhere: {request.Url}");
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                Add($"something against the policy: {message.Text}");
        };
    }

    public IPage Page { get; }

    public string Address { get; }

    /// <summary>A picture of the page, for people, where SCLIP_SCREENSHOTS names a folder.</summary>
    public async Task ShowAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SCLIP_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    /// <summary>What must be true of the whole page: nothing sticks out of the window.</summary>
    public async Task HoldsItsWidthAsync()
    {
        var (scroll, window) = (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await Page.EvaluateAsync<int>("innerWidth"));
        Assert.True(scroll <= window, $"{Page.Url} is {scroll} pixels wide in a window of {window}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        lock (_faults)
            Assert.True(_faults.Count == 0, $"The page made {string.Join("; ", _faults)}.");
    }

    private void Add(string fault)
    {
        lock (_faults)
            _faults.Add(fault);
    }
}
