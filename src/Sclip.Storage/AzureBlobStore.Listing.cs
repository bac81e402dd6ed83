using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage;

/// <summary>How a container is listed, and a listing resumed behind a name.</summary>
public sealed partial class AzureBlobStore
{
    private const string FolderMark = "hdi_isfolder";

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobNameRules.CheckPrefixForAzure(prefix);
        var order = new NameOrder();
        var entries = after is null ? PagesAsync(prefix, startFrom: null, order, cancellationToken)
            : await TryBeginAtAsync(prefix, after, cancellationToken) ?? BehindAsync(PagesAsync(prefix, startFrom: null, order, cancellationToken), after, order);
        await foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobNameRules.CheckPrefixForAzure(folder);
        await using var items = _container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/", Prefix = folder.Length == 0 ? null : folder }, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync("listed", null, () => items.MoveNextAsync().AsTask(), cancellationToken))
            if (items.Current.IsPrefix)
                yield return items.Current.Prefix[folder.Length..^1];
    }

    /// <summary>Lists from a name on, or from the beginning, and holds the listing to its order: in another one, a caller that goes on behind a name would miss blobs.</summary>
    private async IAsyncEnumerable<BlobEntry> PagesAsync(string prefix, string? startFrom, NameOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = prefix.Length == 0 ? null : prefix, StartFrom = startFrom };
        await using var pages = _container.GetBlobsAsync(options, cancellationToken).AsPages(pageSizeHint: _pageSize).GetAsyncEnumerator(cancellationToken);
        string? previous = null;
        while (await CallAsync("listed", null, () => pages.MoveNextAsync().AsTask(), cancellationToken))
        {
            foreach (var blob in pages.Current.Values)
            {
                if (previous is not null && !order.Follows(previous, blob.Name))
                    throw new BlobStoreException(BlobStoreFault.Denied,
                        $"{_faults.Where(null)} lists '{JobNames.Shown(blob.Name)}' behind '{JobNames.Shown(previous)}', neither in the order of names nor folder by folder. Give the names as a list (@list.txt).");
                previous = blob.Name;
                yield return new BlobEntry(blob.Name, blob.Properties.ContentLength ?? 0, TagOf(blob.Properties.ETag ?? default), blob.Properties.LastModified ?? default, blob.Properties.ContentHash, IsFolder(blob.Properties.ContentLength, blob.Metadata));
            }
        }
    }

    /// <summary>
    /// Lets the service begin at a name, which spares all pages before it. One that does not know how ignores the wish, refuses it or lists nothing: it is
    /// believed only where the first blob is the one of that name, or behind it in either order.
    /// </summary>
    /// <returns>What is behind the name; null where that has to be found in the whole listing.</returns>
    private async Task<IAsyncEnumerable<BlobEntry>?> TryBeginAtAsync(string prefix, string after, CancellationToken cancellationToken)
    {
        if (after.Length == 0 || !BlobNameRules.CanBeginInAzure(after))
            return null;
        var entries = PagesAsync(prefix, after, new NameOrder(), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            if (await entries.MoveNextAsync() && (entries.Current.Name == after || new NameOrder().IsBehind(entries.Current.Name, after) is true))
                return RestAsync(entries, after);
        }
        catch (BlobStoreException error) when (error.InnerException is RequestFailedException { Status: >= 400 and < 500 })
        {
            // What is wrong with the container itself, the whole listing says.
        }
        await entries.DisposeAsync();
        return null;
    }

    private static async IAsyncEnumerable<BlobEntry> RestAsync(IAsyncEnumerator<BlobEntry> begun, string after)
    {
        await using (begun)
        {
            do
            {
                if (begun.Current.Name != after)
                    yield return begun.Current;
            }
            while (await begun.MoveNextAsync());
        }
    }

    /// <summary>
    /// What is behind a name in a whole listing. Entries whose place depends on an order that is not known yet wait until other names tell it: the name
    /// itself, where it is still there. Where nothing tells it, none of them is left out.
    /// </summary>
    private static async IAsyncEnumerable<BlobEntry> BehindAsync(IAsyncEnumerable<BlobEntry> whole, string after, NameOrder order)
    {
        var (waiting, isBehind) = (new List<BlobEntry>(), false);
        await foreach (var entry in whole)
        {
            // Those that wait come before this one.
            bool? isThisBehind = isBehind ? true : entry.Name == after ? false : order.IsBehind(entry.Name, after);
            if (isThisBehind is null)
            {
                waiting.Add(entry);
                continue;
            }
            if (isThisBehind is true)
                foreach (var earlier in waiting.Where(earlier => order.IsBehind(earlier.Name, after) is not false))
                    yield return earlier;
            waiting.Clear();
            isBehind |= isThisBehind is true || entry.Name == after;
            if (isThisBehind is true)
                yield return entry;
        }
        foreach (var earlier in waiting)
            yield return earlier;
    }

    private static bool IsFolder(long? bytes, IDictionary<string, string>? metadata) =>
        bytes is 0 or null && metadata is not null && metadata.Any(item => item.Key.Equals(FolderMark, StringComparison.OrdinalIgnoreCase) && item.Value.Equals("true", StringComparison.OrdinalIgnoreCase));
}
