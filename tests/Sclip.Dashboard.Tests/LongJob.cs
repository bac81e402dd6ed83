using Microsoft.Playwright;

namespace Sclip.Dashboard.Tests;

/// <summary>A job that is to be seen in work: no machine labels it while another, however slow, opens a page. It goes on until it is cancelled, by its test or at its end.</summary>
internal sealed class LongJob : IAsyncDisposable
{
    /// <summary>Many windows for each image.</summary>
    private const string Slow = ", \"settings\": { \"stride\": 8 }";

    private const int Images = 200;

    private readonly IPage _page;
    private readonly Uri _address;

    private LongJob(IPage page, string id) => (_page, Id, _address) = (page, id, new Uri(new Uri(page.Url), $"/jobs/{id}/cancel"));

    public string Id { get; }

    public static async Task<LongJob> SubmitAsync(DashboardFixture fixture, IPage page, string name, int shardSize = 4) =>
        new(page, await JobTests.SubmitAsync(page, await fixture.ContainerAsync(Images), name, more: Slow, shardSize: shardSize));

    /// <summary>Leaves the worker to the other tests, also where this one failed; a job that is cancelled refuses, which is as well.</summary>
    public async ValueTask DisposeAsync() => await _page.APIRequest.PostAsync(_address.ToString());
}
