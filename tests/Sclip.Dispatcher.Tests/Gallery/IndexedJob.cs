using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Tests.Board;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Gallery;

/// <summary>A job whose documents a test writes into files, with an index of its images.</summary>
internal sealed class IndexedJob : IDisposable
{
    public const string Id = "indexed";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sclip-index-");
    private readonly GalleryTurns _turns = new();
    private readonly CancellationTokenSource _stopping = new();

    public IndexedJob(params string[] classes)
    {
        Store = new CountingStore(new FileBlobStore(_folder.CreateSubdirectory("store").FullName, durable: false));
        Stores = new JobStores("sclip", new JobBlobs(Store), _ => Store, job => new SubStore(Store, JobNames.Folder(job.Id)));
        Job = new JobDocument
        {
            Id = Id,
            Created = DateTimeOffset.UtcNow,
            Input = new JobInput { Container = "nowhere" },
            Labels = [.. classes.Select(name => new LabelClass { Name = name })],
            Model = "a/b",
            Settings = new(),
            ShardSize = 64,
        };
        Index = Open();
    }

    public CountingStore Store { get; }

    public JobStores Stores { get; }

    public JobBlobs Jobs => Stores.Jobs;

    public JobDocument Job { get; private set; }

    public JobIndex Index { get; private set; }

    /// <summary>The file of the index.</summary>
    public string File => JobIndex.PathOf(Path.Combine(_folder.FullName, "gallery"), Job);

    /// <summary>Another process that looks at the same job, by an index of its own where it has another folder.</summary>
    public JobIndex Open(string folder = "gallery") => new(Stores, Job, Path.Combine(_folder.FullName, folder), _turns, _stopping.Token);

    /// <summary>The index as a new process finds it.</summary>
    public void Reopen(JobDocument? job = null)
    {
        Index.Dispose();
        Job = job ?? Job;
        Index = Open();
    }

    /// <summary>Decides on an image, as the first.</summary>
    public async Task ReviewAsync(int shard, string image, ReviewDecision decision)
    {
        var request = new ReviewRequest { Reviewer = "ann", Decision = decision, Images = [new ReviewTarget { Image = image, Shard = shard, Revision = 0 }] };
        Assert.True(Assert.Single(await new JobReviews(Jobs).WriteAsync(Id, shard, request, CancellationToken.None)).Ok);
    }

    /// <summary>Notes a correction of an image; there is no mask behind it.</summary>
    public async Task CorrectAsync(int shard, string image)
    {
        var there = await new JobCorrections(Stores).ReadAsync(Id, shard, CancellationToken.None);
        var correction = new Correction { Mask = $"corrections/{image}.1.png", Sha256 = "1", At = DateTimeOffset.UtcNow, By = "ann" };
        var document = new ShardEntries<Correction> { Images = new Dictionary<string, Correction>(there) { [image] = correction } };
        await Store.WriteAsync(JobNames.Correction(Id, shard), JsonSerializer.SerializeToUtf8Bytes(document, Json.Default.CorrectionDocument), WriteCondition.None, CancellationToken.None);
    }

    /// <summary>A page, when all that the job has are known to the index, or to another one.</summary>
    public async Task<ImagePage> FindAsync(GalleryQuery query, JobIndex? index = null)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (true)
        {
            var page = await (index ?? Index).FindAsync(query, limit.Token);
            Assert.NotNull(page);
            if (page.Complete)
                return page;
        }
    }

    /// <summary>What the index answers as it is, whatever has become of the job.</summary>
    public ImagePage? Search(GalleryQuery query)
    {
        using var connection = new IndexFile(File, "").Open();
        return new IndexSearch(connection, Job.Labels.Select((label, place) => (label.Name, place)).ToDictionary(item => item.Name, item => item.place)).Find(query, CancellationToken.None);
    }

    public async Task<string[]> NamesAsync(GalleryQuery query) => [.. (await FindAsync(query)).Images.Select(image => image.Image)];

    public void Dispose()
    {
        _stopping.Cancel();
        Index.Rounds.ContinueWith(_ => { }, TaskScheduler.Default).Wait(JobFixture.Patience);
        Index.Dispose();
        _turns.Dispose();
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }
}
