using Microsoft.Extensions.Hosting;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Finds images of jobs by an index each, of which no more are kept than have room.</summary>
/// <param name="stores">The stores.</param>
/// <param name="cache">Where the indexes lie.</param>
/// <param name="lifetime">Ends rounds with the process.</param>
internal sealed class JobGallery(JobStores stores, CacheFolder cache, IHostApplicationLifetime lifetime) : IDisposable
{
    private const long MostBytes = 4L << 30;
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);
    private readonly string _folder = Path.Combine(cache.Path, "gallery");
    private readonly GalleryTurns _turns = new();
    private readonly Dictionary<string, Opened> _opened = new(StringComparer.Ordinal);

    /// <summary>Indexes that are kept, and the one that is begun.</summary>
    internal int MostIndexes { get; init; } = 100;

    /// <summary>Finds a page of images.</summary>
    /// <exception cref="JobRequestException">The image whose page is asked for is not among them.</exception>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    /// <exception cref="CacheException">The index cannot be kept.</exception>
    public async Task<ImagePage> FindAsync(JobDocument job, GalleryQuery query, CancellationToken cancellationToken)
    {
        var opened = Take(job);
        try
        {
            return await opened.Index.FindAsync(query, cancellationToken)
                ?? throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(query.At ?? query.From)}' is not among the images of job {job.Id} that are asked for: it has no result yet, or does not match.");
        }
        finally
        {
            Release(opened);
        }
    }

    /// <summary>Shows what people have just made of images of some shards, where the job's gallery is in use.</summary>
    public async Task TakeMarksAsync(JobDocument job, IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        Opened? opened;
        lock (_opened)
        {
            if (!_opened.TryGetValue(JobIndex.PathOf(_folder, job), out opened))
                return;
            opened.Users++;
        }
        try
        {
            await opened.Index.TakeMarksAsync(shards, cancellationToken);
        }
        finally
        {
            Release(opened);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Their files are in a folder that may be deleted next.
        Task.WhenAll(_opened.Values.Select(opened => opened.Index.Rounds)).ContinueWith(_ => { }, TaskScheduler.Default).Wait(EndTime);
        foreach (var opened in _opened.Values)
            opened.Index.Dispose();
        _turns.Dispose();
    }

    private Opened Take(JobDocument job)
    {
        var path = JobIndex.PathOf(_folder, job);
        lock (_opened)
        {
            if (!_opened.TryGetValue(path, out var opened))
            {
                Trim();
                _opened.Add(path, opened = new Opened(new JobIndex(stores, job, _folder, _turns, lifetime.ApplicationStopping)));
            }
            opened.Index.NoteUse();
            opened.Users++;
            return opened;
        }
    }

    private void Release(Opened opened)
    {
        lock (_opened)
            opened.Users--;
    }

    /// <summary>Deletes the indexes that were not used for the longest, where there are too many or they are too large; what cannot be deleted now is when the next is begun.</summary>
    private void Trim()
    {
        var (indexes, bytes) = (0, 0L);
        try
        {
            foreach (var file in Directory.CreateDirectory(_folder).GetFiles("*.db").OrderByDescending(file => file.LastAccessTimeUtc))
            {
                bytes += file.Length;
                if (++indexes < MostIndexes && bytes < MostBytes)
                    continue;
                if (_opened.TryGetValue(file.FullName, out var opened) && opened.IsUsed)
                    continue;
                _opened.Remove(file.FullName);
                new IndexFile(file.FullName, "").Delete();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody else deletes them, too; or nobody may, which who makes one is told.
        }
        foreach (var (path, _) in _opened.Where(item => !item.Value.IsUsed && !File.Exists(item.Key)).ToArray())
            _opened.Remove(path);
    }

    private sealed class Opened(JobIndex index)
    {
        public JobIndex Index => index;

        public int Users { get; set; }

        public bool IsUsed => Users > 0 || !index.Rounds.IsCompleted;
    }
}
