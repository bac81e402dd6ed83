using Microsoft.Extensions.Hosting;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Finds images of jobs by an index each, of which no more are kept than have room.</summary>
/// <param name="stores">The stores.</param>
/// <param name="cache">Where the indexes lie.</param>
/// <param name="lifetime">Ends rounds with the process.</param>
internal sealed class JobGallery(JobStores stores, CacheFolder cache, IHostApplicationLifetime lifetime) : IDisposable
{
    private const int MostIndexes = 100;
    private const long MostBytes = 4L << 30;
    private const int RoundsAtOnce = 2;
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(cache.Path, "gallery")).FullName;
    private readonly SemaphoreSlim _turns = new(RoundsAtOnce);
    private readonly Dictionary<string, Opened> _opened = new(StringComparer.Ordinal);

    /// <summary>Finds a page of images.</summary>
    /// <exception cref="JobRequestException">The image whose page is asked for is not among them.</exception>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    /// <exception cref="GalleryException">The index cannot be kept.</exception>
    public async Task<ImagePage> FindAsync(JobDocument job, GalleryQuery query, CancellationToken cancellationToken)
    {
        var opened = Take(job);
        try
        {
            return await opened.Index.FindAsync(query, cancellationToken)
                ?? throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(query.At)}' is not among the images of job {job.Id} that are asked for: it has no result yet, or does not match.");
        }
        finally
        {
            Release(opened);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var opened in _opened.Values)
            opened.Index.Dispose();
        _turns.Dispose();
    }

    private Opened Take(JobDocument job)
    {
        lock (_opened)
        {
            // A job of the same id may be another one by now.
            if (!_opened.TryGetValue(job.Id, out var opened) || !opened.Index.IsOf(job))
            {
                Trim();
                _opened[job.Id] = opened = new Opened(new JobIndex(stores.Jobs, job, _folder, _turns, lifetime.ApplicationStopping));
            }
            opened.Users++;
            // File systems do not keep it by themselves, and a use that only reads is one.
            File.SetLastAccessTimeUtc(JobIndex.PathOf(_folder, job.Id), DateTime.UtcNow);
            return opened;
        }
    }

    private void Release(Opened opened)
    {
        lock (_opened)
            opened.Users--;
    }

    /// <summary>Deletes the indexes that were not used for the longest, where there are too many or they are too large.</summary>
    private void Trim()
    {
        var (indexes, bytes) = (0, 0L);
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*.db").OrderByDescending(file => file.LastAccessTimeUtc))
        {
            bytes += file.Length;
            if (++indexes < MostIndexes && bytes < MostBytes)
                continue;
            var id = Path.GetFileNameWithoutExtension(file.Name);
            if (_opened.TryGetValue(id, out var opened) && (opened.Users > 0 || opened.Index.IsBusy))
                continue;
            _opened.Remove(id);
            new IndexFile(file.FullName, "").Delete();
        }
    }

    private sealed class Opened(JobIndex index)
    {
        public JobIndex Index => index;

        public int Users { get; set; }
    }
}
