using System.Collections.Concurrent;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Board;

/// <summary>How the board keeps up with the blobs: in rounds, one after the other.</summary>
internal sealed partial class JobBoard
{
    private const int ReadsAtOnce = 8;
    private const int LoadsAtOnce = 32;
    private const int LoadsAsOne = 256;
    private const int Counts = 64;
    private const int NewestChecked = 200;
    private const int Checks = 10;

    // A reading may fill a tenth of the time: that of a job of very many shards lists them all.
    private const int Rest = 9;

    private static readonly TimeSpan ListingPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly CatalogReader _reader = new(stores.Jobs);
    private readonly PassedOver _passedOver = new(time);
    private long _listed;
    private volatile bool _unlisted = true;
    private volatile bool _isListed;

    /// <summary>Which jobs cannot be read, and why; null where all can.</summary>
    public string? Problem => _passedOver.Problem;

    /// <summary>Reads what is due; not to be called twice at a time.</summary>
    /// <exception cref="BlobStoreException">The store does not answer; what was known is kept.</exception>
    /// <exception cref="CacheException">The catalogue cannot be used; one that is lost is made anew from the blobs instead.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshOnceAsync(cancellationToken);
        }
        catch (CacheException error) when (error.IsLost)
        {
            (_isListed, _unlisted) = (false, true);
            // Nothing of what was known before may come into the new catalogue: it would come without its words.
            lock (_syncing)
            {
                _jobs.Clear();
                catalog.Renew();
            }
            await RefreshOnceAsync(cancellationToken);
        }
    }

    private async Task RefreshOnceAsync(CancellationToken cancellationToken)
    {
        var isListing = _unlisted || time.GetElapsedTime(_listed) >= ListingPause;
        if (isListing)
            await ListAsync(cancellationToken);
        await LoadAsync(_touched.Keys.Where(id => _touched.TryRemove(id, out _) && !_jobs.ContainsKey(id)).ToArray(), cancellationToken);
        await EachAsync(_jobs.Values.Where(IsDue), entry => entry.Id, ReadsAtOnce, async (entry, token) => await ReadAsync(entry, Freshness / 2, token), cancellationToken);
        await CountAsync(cancellationToken);
        if (isListing)
            await CheckAsync(catalog.Unchecked(NewestChecked, Checks), cancellationToken);
        Sync();
        Forget();
    }

    private static bool IsDue(JobEntry entry) => entry.Progress is null || (entry.HasEnded ? entry.Touched : entry.Age >= Rest * entry.Cost);

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        _unlisted = false;
        var ids = await stores.Jobs.ListJobsAsync(cancellationToken).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        _listed = start;
        foreach (var (id, entry) in _jobs)
            if (!ids.Contains(id) && entry.Added < start)
                _jobs.TryRemove(id, out _);
        _passedOver.Keep(ids);
        var known = catalog.Ended();
        catalog.Remove([.. catalog.Ids().Where(id => !ids.Contains(id) && !_jobs.ContainsKey(id))]);
        // What an earlier process has left is read once; what this one has read, it knows.
        if (!_isListed)
            await CheckAsync(known, cancellationToken);
        ids.ExceptWith(known.Select(job => job.Id));
        await LoadAsync(ids.Where(id => !JobNames.IsPreview(id) && !_jobs.ContainsKey(id)), cancellationToken);
        _isListed = true;
    }

    /// <summary>Reads jobs that are not in hand: those that go on are taken in hand, the others put into the catalogue.</summary>
    private async Task LoadAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        // A part at a time, so that those who look see more and more of them.
        foreach (var part in ids.Chunk(LoadsAsOne))
        {
            var rows = new ConcurrentBag<CatalogRow>();
            await EachAsync(part, id => id, LoadsAtOnce, async (id, token) =>
            {
                if (await _reader.ReadAsync(id, token) is not var (job, row))
                    return;
                if (row is not null)
                    rows.Add(row);
                else
                    await ReadAsync(Take(job), Freshness, token);
            }, cancellationToken);
            catalog.Put(rows);
        }
        Sync();
    }

    /// <summary>Reads the results of jobs that were cancelled or failed, a few at a time: these have no summary.</summary>
    private async Task CountAsync(CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < CountingTime && Uncounted() is { Length: > 0 } ids; Sync())
            await EachAsync(ids, id => id, ReadsAtOnce, async (id, token) => await ReadAsync(Take(await control.FindAsync(id, token)), Freshness, token), cancellationToken);

        string[] Uncounted() => [.. catalog.Uncounted(Counts + _passedOver.Count).Where(id => !_passedOver.Contains(id))];
    }

    /// <summary>Looks whether ended jobs have been taken up again: who does so may do it past this service.</summary>
    private async Task CheckAsync(IReadOnlyList<KnownJob> known, CancellationToken cancellationToken)
    {
        var (same, other) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await EachAsync(known, job => job.Id, LoadsAtOnce, async (job, token) => (await _reader.IsSameAsync(job, token) ? same : other).Add(job.Id), cancellationToken);
        // Also those that cannot be read: they must not come first again and again.
        catalog.Check([.. same, .. known.Select(job => job.Id).Where(_passedOver.Contains)]);
        foreach (var id in other)
            if (_jobs.TryGetValue(id, out var entry))
                entry.Touched = true;
        await LoadAsync(other.Where(id => !_jobs.ContainsKey(id)), cancellationToken);
    }

    /// <summary>Lets go of ended jobs that nobody asks for: the catalogue has them.</summary>
    private void Forget()
    {
        foreach (var entry in _jobs.Values.Where(entry => entry.HasEnded && !entry.Touched && !(entry.Asked is { } asked && time.GetElapsedTime(asked) <= Kept)))
            if (entry.Stored is not null || JobNames.IsPreview(entry.Id))
                _jobs.TryRemove(entry.Id, out _);
    }

    /// <summary>Does something for several jobs at once; one whose documents cannot be used is failed, with the reason, and one that may not be read is passed over.</summary>
    private Task EachAsync<T>(IEnumerable<T> items, Func<T, string> idOf, int atOnce, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(items.Where(item => !_passedOver.Contains(idOf(item))).ToArray(), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (item, token) =>
        {
            var id = idOf(item);
            try
            {
                await work(item, token);
            }
            catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
            {
                _passedOver.Add(id, error.Message);
                return;
            }
            catch (JobRequestException error) when (error.Fault == JobRequestFault.NotFound)
            {
                _jobs.TryRemove(id, out _);
                catalog.Remove([id]);
            }
            catch (Exception error) when (error is JobRequestException or JobDocumentException)
            {
                if (_jobs.TryGetValue(id, out var entry))
                    entry.Refuse(error.Message);
                else
                    catalog.Put([new CatalogRow(JobFacts.Unknown.Progress(JobControl.Unusable(id, error.Message)), JobWords.Of(id), IsCounted: true)]);
            }
            _passedOver.Remove(id);
        });
}
