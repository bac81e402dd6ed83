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

    /// <summary>What callers must send in the header <c>X-Api-Key</c>; needed as soon as the service listens beyond loopback.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Jobs that are planned at the same time.</summary>
    public int PlansAtOnce { get; init; } = 4;

    /// <summary>
    /// Folder for what is kept beside the blobs to answer soon, for this dispatcher alone; null takes one below the temporary directory that is deleted at the
    /// end. What is in it may be deleted at any time.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>What an hour of a worker costs, in any money; null tells no costs.</summary>
    public decimal? PricePerWorkerHour { get; init; }

    /// <summary>Most disk in MB that a download of results in an export format may take while it is made; two are made at a time.</summary>
    public int DownloadMegabytes { get; init; } = 400;

    /// <summary>Address of the workbench, as <c>http://sclip-workbench</c>, to which <c>/workbench</c> is forwarded; null where there is none.</summary>
    public string? Workbench { get; init; }

    /// <summary>What the workbench knows the dispatcher by (<c>Workbench:ApiKey</c>).</summary>
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
