using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sclip.Dashboard.Tests;

/// <summary>A page whose every request, error and dialog is looked at; it ends the test where one should not be.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    // All that axe-core knows; by default it leaves out the last two.
    private static readonly List<string> Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice", "wcag22aa", "experimental"];

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

    /// <summary>What must be true of all text: it stands out from its ground.</summary>
    public async Task StandsOutAsync()
    {
        // WCAG 2: 4.5 to 1 for text, against the nearest ground that is not clear; text over pictures is not measured.
        var faint = await Page.EvaluateAsync<string[]>("""
            () => {
              const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const rgb = color => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = color; probe.fillRect(0, 0, 1, 1); return probe.getImageData(0, 0, 1, 1).data; };
              const light = color => [0, 1, 2].map(i => color[i] / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const groundOf = element => { for (let at = element; at; at = at.parentElement) { const color = rgb(getComputedStyle(at).backgroundColor); if (color[3] > 200) return color; } return rgb('white'); };
              const found = [];
              const root = document.querySelector('dialog') ?? document.body;
              for (const element of root.querySelectorAll('*')) {
                if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) || element.closest('[hidden], .skip, .stage, noscript, option, :disabled') || element.getClientRects().length === 0) continue;
                const [a, b] = [light(rgb(getComputedStyle(element).color)), light(groundOf(element))];
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (contrast < 4.5) found.push(`${element.tagName}.${element.className} "${element.textContent.slice(0, 30)}" ${contrast.toFixed(2)}`);
              }
              return found;
            }
            """);
        Assert.Empty(faint);
    }

    /// <summary>What must be true for people who hear the page, or have no mouse: axe-core finds nothing.</summary>
    public async Task IsAccessibleAsync()
    {
        var found = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = Rules },
            // Rows of a grid may have the focus (ARIA's grid pattern); this rule takes none of them for a widget.
            Rules = new() { ["focus-order-semantics"] = new RuleOptions { Enabled = false } },
        });
        Assert.NotEmpty(found.Passes);
        Assert.True(found.Violations.Length == 0, $"{Page.Url}: {string.Join("; ", found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id} ({rule.Help}): {node.Html}")))}");
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
