using Sclip.Contracts.Jobs;
using Sclip.Contracts.Places;
using Sclip.Dispatcher.Control;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Places;

/// <summary>
/// Tells where images may be taken from: containers, folders, how many pictures are below them. Somebody waits for it, so that it counts no further, and
/// looks no longer, than a form can use.
/// </summary>
/// <param name="stores">Where jobs lie, which are no images.</param>
/// <param name="account">Where containers are.</param>
public sealed class PlaceListing(JobStores stores, IBlobAccount account)
{
    /// <summary>Pictures that are counted at most.</summary>
    public const int MostImages = 10_000;

    private const int MostBlobs = 50_000;
    private const int MostPlaces = 1000;
    private const int MostSamples = 4;

    // Names of jobs are of smaller letters: behind this are no more of their blobs.
    private const string BehindJobs = JobNames.Root + "~";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Lists the containers.</summary>
    /// <exception cref="BlobStoreException">They cannot be listed.</exception>
    public async Task<PlaceList> ListAsync(CancellationToken cancellationToken)
    {
        var (names, complete) = await TakeAsync(account.ListContainersAsync, cancellationToken);
        return new PlaceList
        {
            Places = [.. names.Select(name => new Place { Name = name, Refusal = ContainerName.IsValid(name) ? null : "A container's name is 3 to 63 of a-z, 0-9 and '-': this folder cannot be one." })],
            Complete = complete,
            Upload = PictureUpload.Limits,
        };
    }

    /// <summary>Looks below a prefix.</summary>
    /// <exception cref="JobRequestException">The place cannot be one, or is that of jobs.</exception>
    /// <exception cref="BlobStoreException">There is no such container, or it cannot be listed.</exception>
    public async Task<PlaceView> LookAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var store = Open(container, prefix);
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        var counting = CountAsync(store, container, prefix, cancellationToken);
        var taking = TakeAsync(token => store.ListFoldersAsync(folder, token).Where(name => (folder + name).StartsWith(prefix, StringComparison.Ordinal)), cancellationToken);
        await Task.WhenAll(counting, taking);
        var (names, complete) = await taking;
        return await counting with
        {
            Folders = [.. names.Select(name => new Place { Name = name, Refusal = IsOfJobs(container, $"{folder}{name}/") ? $"Below {JobNames.Root} in this container are jobs and their outputs, no images." : null })],
            FoldersComplete = complete,
        };
    }

    /// <summary>The store of a container from which images, or a picture of them, may be taken.</summary>
    /// <exception cref="JobRequestException">The place cannot be one, or is that of jobs.</exception>
    public IBlobStore Open(string container, string name)
    {
        InputPlace.Check(container, name);
        return IsOfJobs(container, name)
            ? throw new JobRequestException(JobRequestFault.Denied, $"Below {JobNames.Root} in the container {container} are jobs and their outputs, no images.")
            : account.Container(container);
    }

    private bool IsOfJobs(string container, string name) => container == stores.Container && name.StartsWith(JobNames.Root, StringComparison.Ordinal);

    private async Task<PlaceView> CountAsync(IBlobStore store, string container, string prefix, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var (images, others, samples, complete) = (0L, 0L, new List<string>(), false);
        try
        {
            var behind = await CountBehindAsync(after: null);
            complete = behind ?? (await CountBehindAsync(BehindJobs))!.Value;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What was counted in time is told as such.
        }
        return new PlaceView { Container = container, Prefix = prefix, Folders = [], FoldersComplete = false, Images = images, Others = others, Complete = complete, Samples = samples };

        // Whether all were counted; null where jobs begin, of which there may be millions.
        async Task<bool?> CountBehindAsync(string? after)
        {
            await foreach (var blob in store.ListAsync(prefix, after, limit.Token))
            {
                if (IsOfJobs(container, blob.Name))
                {
                    if (after is null)
                        return null;
                    continue;
                }
                if (images == MostImages || images + others == MostBlobs)
                    return false;
                var isImage = !blob.IsFolder && ImageDecoder.HasEnding(blob.Name);
                (images, others) = isImage ? (images + 1, others) : (images, others + 1);
                if (isImage && samples.Count < MostSamples)
                    samples.Add(blob.Name);
            }
            return true;
        }
    }

    /// <summary>Takes the first names, sorted, and tells whether these are all.</summary>
    private static async Task<(string[] Names, bool Complete)> TakeAsync(Func<CancellationToken, IAsyncEnumerable<string>> list, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        var (names, complete) = (new List<string>(), true);
        try
        {
            await foreach (var name in list(limit.Token))
            {
                complete = names.Count < MostPlaces;
                if (!complete)
                    break;
                names.Add(name);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            complete = false;
        }
        return ([.. names.Order(StringComparer.Ordinal)], complete);
    }

    private static CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }
}
