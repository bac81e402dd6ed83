using Microsoft.Data.Sqlite;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>The index of a job's images, brought up to date by rounds in the background as long as somebody asks.</summary>
internal sealed partial class JobIndex : IDisposable
{
    private const string Name = "The index of the job's images";

    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly IndexFile _file;
    private readonly IndexRound _results;
    private readonly MarkRound _marks;
    private readonly RoundChain _rounds;
    private readonly GalleryTurns _turns;
    private readonly CancellationToken _stopping;

    /// <param name="stores">The stores.</param>
    /// <param name="job">The job.</param>
    /// <param name="folder">Where indexes lie.</param>
    /// <param name="turns">What may go on at once in the indexes of all jobs.</param>
    /// <param name="stopping">Ends rounds.</param>
    /// <exception cref="CacheException">The index cannot be kept.</exception>
    public JobIndex(JobStores stores, JobDocument job, string folder, GalleryTurns turns, CancellationToken stopping)
    {
        foreach (var (place, label) in job.Labels.Index())
            _classes.TryAdd(label.Name, place);
        _file = new IndexFile(PathOf(folder, job), IdentityOf(job));
        _results = new IndexRound(stores.Jobs, job.Id, _file, _classes);
        _marks = new MarkRound(stores, job.Id, _file, _classes);
        _rounds = new RoundChain(RunAsync);
        (_turns, _stopping) = (turns, stopping);
        Guard(_file.Prepare);
    }

    /// <summary>The last round that was begun.</summary>
    public Task Rounds => _rounds.Last;

    /// <summary>The path of a job's index; another job of the same id, after it was deleted, has another.</summary>
    public static string PathOf(string folder, JobDocument job) => Path.Combine(folder, $"{job.Id}.{NameDigest.Of(IdentityOf(job)):x32}.db");

    /// <summary>A page of images; null where the one whose page is asked for is not among them.</summary>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    /// <exception cref="CacheException">The index cannot be kept.</exception>
    public async Task<ImagePage?> FindAsync(GalleryQuery query, CancellationToken cancellationToken)
    {
        var isComplete = await RefreshAsync(cancellationToken);
        try
        {
            return await SearchAsync();
        }
        catch (CacheException error) when (error.IsLost)
        {
            // The next round makes it anew: nothing else may, since a round may be writing.
            Lose();
            isComplete = await RefreshAsync(cancellationToken);
            return await SearchAsync();
        }

        async Task<ImagePage?> SearchAsync()
        {
            await _turns.Searches.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Search(query, cancellationToken) is { } page ? page with { Complete = isComplete } : null, cancellationToken);
            }
            finally
            {
                _turns.Searches.Release();
            }
        }
    }

    /// <summary>Notes a use, by which the index that was not used for the longest is found. Where somebody has deleted the file, it is made anew.</summary>
    public void NoteUse()
    {
        try
        {
            // File systems do not keep it by themselves, and a use that only reads is one.
            File.SetLastAccessTimeUtc(_file.Path, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // One that is there all the same only looks older than it is.
            if (!File.Exists(_file.Path))
                Lose();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file.Close();
        _marking.Dispose();
    }

    private ImagePage? Search(GalleryQuery query, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = _file.Open(IndexUse.Search);
            try
            {
                return new IndexSearch(connection, _classes).Find(query, cancellationToken);
            }
            finally
            {
                IndexFile.Shrink(connection);
            }
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException)
        {
            throw _file.Unusable(Name, error);
        }
    }

    private static string IdentityOf(JobDocument job) => $"{job.Created:O} {string.Join('\n', job.Labels.Select(label => label.Name))}";

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw _file.Unwritable(Name, error);
        }
    }
}
