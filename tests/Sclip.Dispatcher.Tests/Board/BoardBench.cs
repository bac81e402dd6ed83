using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Planning;
using Sclip.Dispatcher.Tests.Planning;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>A board over jobs in a folder, with a clock that stands still.</summary>
internal sealed class BoardBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogFile _file;
    private readonly JobStores _stores;

    public BoardBench()
    {
        var account = new FileBlobAccount(_folder.Path, durable: false);
        Store = new(account.Container("sclip"));
        Jobs = new(Store);
        var stores = _stores = new JobStores("sclip", Jobs, _ => Store, _ => Store);
        var (images, completion, sender) = (new JobImages(stores), new JobCompletion(Jobs), new PlanningBench.CountingSender());
        Control = new(stores, images, new JobPlanner(Jobs, completion, sender), sender, completion);
        Catalog = new(_file = new(_folder["cache"], "store"));
        Board = new(stores, Control, Catalog, () => Look, Time);
        Fleet = new(Board, Catalog, Workers = new(Time), Options, Time);
    }

    public JobCatalog Catalog { get; }

    public FleetBoard Fleet { get; }

    public WorkerBoard Workers { get; }

    public DispatcherOptions Options { get; } = new() { PricePerWorkerHour = 1.80m };

    /// <summary>A board that begins with the catalogue of this one, as the next process does.</summary>
    public (JobBoard Board, FleetBoard Fleet) Another()
    {
        var board = new JobBoard(_stores, Control, Catalog, () => Look, Time);
        return (board, new FleetBoard(board, Catalog, Workers, Options, Time));
    }

    /// <summary>Jobs of the overview, in its order.</summary>
    public IReadOnlyList<JobProgress> Progress => Fleet.Overview().Jobs;

    /// <summary>How many jobs stand how.</summary>
    public IReadOnlyDictionary<JobState, int> States => Fleet.Overview().States;

    public CountingStore Store { get; }

    /// <summary>The folder of a job.</summary>
    public string FolderOf(string job) => _folder[$"sclip/jobs/{job}"];

    public JobBlobs Jobs { get; }

    public JobControl Control { get; }

    public JobBoard Board { get; }

    public ManualTime Time { get; } = new();

    /// <summary>What the board knows of queues and workers.</summary>
    public QueueLook Look { get; set; } = new([], null, []);

    /// <summary>Ids of the overview, in its order.</summary>
    public string[] Shown => [.. Progress.Select(job => job.Status.Id)];

    /// <summary>Puts a planned job of two shards with two images each into the store.</summary>
    public async Task<JobDocument> AddAsync(string id, int hour = 0, int shards = 2)
    {
        var job = new JobDocument
        {
            Id = id,
            Created = DateTimeOffset.UnixEpoch.AddHours(hour),
            Input = new JobInput { Container = "photos", Prefix = "set/" },
            Labels = [new LabelClass { Name = "grass" }, new LabelClass { Name = "sky" }],
            Model = "demo/model",
            Settings = new JobSettings(),
            ShardSize = 2,
        };
        await Jobs.CreateJobAsync(job, default);
        await Jobs.CreatePlanAsync(id, new JobPlan { Shards = shards, Images = 2 * shards }, default);
        return job;
    }

    /// <summary>Commits a shard, of which one image failed where that is asked for.</summary>
    public Task CommitAsync(string id, int shard, bool failed = false) => Jobs.CommitResultAsync(id, shard, Enumerable.Range(0, 2).Select(i => new ImageResult
    {
        Image = $"{shard}-{i}.png",
        Status = failed && i == 0 ? ImageStatus.Failed : ImageStatus.Ok,
        Error = failed && i == 0 ? "unreadable" : null,
    }), default);

    /// <summary>Writes the summary of a job whose shards are all committed.</summary>
    public async Task CompleteAsync(JobDocument job)
    {
        for (var shard = 0; shard < 2; shard++)
            await CommitAsync(job.Id, shard);
        Assert.NotNull(await new JobCompletion(Jobs).TryCompleteAsync(job, default));
    }

    /// <summary>Lets some time go by, and refreshes.</summary>
    /// <returns>What was read of the store for it.</returns>
    public async Task<string[]> RefreshAsync(double after = 1)
    {
        Time.Advance(after);
        Store.Take();
        await Board.RefreshAsync(default);
        return Store.Take();
    }

    /// <summary>Deletes the catalogue with its folder, as somebody may who needs room.</summary>
    public void DeleteCatalog()
    {
        Directory.Delete(_folder["cache"], recursive: true);
        // Those that are open read on in the file that is gone; the next finds none.
        _file.Close();
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}
