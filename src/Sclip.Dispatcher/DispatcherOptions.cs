using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Dashboard;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher;

/// <summary>How the dispatcher serves.</summary>
public sealed record DispatcherOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dispatcher";

    /// <summary>The key that callers send in the header <c>X-Api-Key</c>, of at least 16 characters. It must be set where the service listens beyond this machine.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Jobs that are planned at the same time; others wait in the state <c>planning</c>.</summary>
    public int PlansAtOnce { get; init; } = 4;

    /// <summary>
    /// Folder for the list of jobs and the indexes of images, which answer faster than the blobs. It is for one dispatcher, and may be deleted at any time. Not set, it is
    /// a temporary folder that is deleted at the end.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Price of a worker for an hour, in any currency; estimates and <c>GET /fleet</c> then tell costs. Not set, they tell none.</summary>
    public decimal? PricePerWorkerHour { get; init; }

    /// <summary>Most megabytes of disk that a download in an export format may take while it is made. Two are made at a time: the temporary folder must hold two and a quarter of them.</summary>
    public int DownloadMegabytes { get; init; } = 400;

    /// <summary>Address of the workbench service, such as <c>http://sclip-workbench</c>, without a path. Requests for <c>/workbench</c> are forwarded to it; not set, they get 503.</summary>
    public string? Workbench { get; init; }

    /// <summary>The key of that workbench: what its <c>SCLIP_WORKBENCH__APIKEY</c> is.</summary>
    public string? WorkbenchKey { get; init; }

    /// <inheritdoc />
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var (name, key) in new[] { (nameof(ApiKey), ApiKey), (nameof(WorkbenchKey), WorkbenchKey) })
            if (ServiceKey.Refusal(key) is { } refusal)
                yield return (name, refusal);
        if (PlansAtOnce is < 1 or > 1000)
            yield return (nameof(PlansAtOnce), $"is {PlansAtOnce}: it must lie in 1..1000.");
        if (CacheFolder is { } folder && string.IsNullOrWhiteSpace(folder))
            yield return (nameof(CacheFolder), "is empty: it must be a folder, or not be set.");
        if (PricePerWorkerHour is < 0)
            yield return (nameof(PricePerWorkerHour), string.Create(CultureInfo.InvariantCulture, $"is {PricePerWorkerHour}: it must not be negative."));
        if (DownloadMegabytes is < 1 or > 10_000_000)
            yield return (nameof(DownloadMegabytes), $"is {DownloadMegabytes}: it must lie in 1..10000000.");
        if (Workbench is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "" }))
            yield return (nameof(Workbench), $"is {JobNames.Shown(address)}: it must be an address without a path, such as http://sclip-workbench.");
        if (WorkbenchKey is not null && Workbench is null)
            yield return (nameof(WorkbenchKey), $"is of no use without {nameof(Workbench)}, the address of the workbench.");
    }
}
