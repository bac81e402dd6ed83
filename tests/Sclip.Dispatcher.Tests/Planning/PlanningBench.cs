using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Planning;
using Sclip.Hosting.Messaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>All that submits and plans, over stores in a folder that a test can make fail.</summary>
internal sealed class PlanningBench : IDisposable
{
    /// <summary>The container that holds jobs.</summary>
    public const string JobContainer = "sclip";

    private readonly TemporaryFolder _folder = new();

    /// <param name="pictures">The account of the images, where they are not in the folder.</param>
    public PlanningBench(IBlobAccount? pictures = null)
    {
        var account = new FileBlobAccount(_folder.Path, durable: false);
        Account = new FlakyAccount(account, () => BeforeWrite);
        Stores = JobStores.Of(Account, JobContainer);
        if (pictures is not null)
            Stores = Stores with { Images = job => pictures.Container(job.Input.Container) };
        Images = account.Container("photos");
    }

    public IBlobAccount Account { get; }

    public JobStores Stores { get; }

    /// <summary>The container of images.</summary>
    public IBlobStore Images { get; }

    public CountingSender Sender { get; } = new();

    /// <summary>Called with the name of each blob before it is written.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public JobSubmission Submission => new(Stores, Account, new JobImages(Stores));

    public JobControl Control
    {
        get
        {
            var (images, completion) = (new JobImages(Stores), new JobCompletion(Stores.Jobs));
            return new(Stores, images, new JobPlanner(Stores.Jobs, completion, Sender), Sender, completion);
        }
    }

    public static JobRequest Request(string input = "photos", string? id = null) => new()
    {
        Id = id,
        Input = input,
        Labels = [new LabelClass { Name = "grass" }, new LabelClass { Name = "sky" }],
        Model = "demo/model",
        ShardSize = 2,
    };

    public async Task AddAsync(params string[] names)
    {
        await Account.CreateContainerAsync("photos", CancellationToken.None);
        foreach (var name in names)
            await Images.WriteAsync(name, new byte[] { 1 }, WriteCondition.None, CancellationToken.None);
    }

    public async Task<JobDocument> SubmitAsync(JobRequest request) => (await Submission.SubmitAsync(request, CancellationToken.None)).Job;

    public Task<JobPlan?> PlanAsync(JobDocument job) => Control.PlanAsync(job, progress: null, CancellationToken.None);

    /// <summary>The images of all shards, in order.</summary>
    public async Task<string[]> PlannedAsync(string id)
    {
        var names = new List<string>();
        for (var shard = 0; await Stores.Jobs.ReadShardAsync(id, shard, CancellationToken.None) is { } images; shard++)
            names.AddRange(images.Select(image => image.Name));
        return [.. names];
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Counts what would wake workers.</summary>
    internal sealed class CountingSender : IShardSender
    {
        private readonly List<(string Queue, int Shard)> _sent = [];

        /// <summary>Called before each message.</summary>
        public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

        public int[] Sent => [.. SentTo.Select(sent => sent.Shard)];

        /// <summary>The same, with the queue of each.</summary>
        public (string Queue, int Shard)[] SentTo
        {
            get
            {
                lock (_sent)
                    return [.. _sent];
            }
        }

        public async Task SendAsync(JobDocument job, int shard, CancellationToken cancellationToken)
        {
            await Before(shard);
            lock (_sent)
                _sent.Add((ShardQueues.Of(job), shard));
        }
    }

    private sealed class FlakyAccount(IBlobAccount account, Func<Func<string, Task>> before) : IBlobAccount
    {
        public IBlobStore Container(string name) => new FlakyStore(account.Container(name), before);

        public IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken) => account.ListContainersAsync(cancellationToken);

        public Task CreateContainerAsync(string name, CancellationToken cancellationToken) => account.CreateContainerAsync(name, cancellationToken);
    }

    private sealed class FlakyStore(IBlobStore store, Func<Func<string, Task>> before) : IBlobStore
    {
        public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => store.ReadAsync(name, maxBytes, cancellationToken);

        public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
        {
            await before()(name);
            return await store.WriteAsync(name, write, condition, cancellationToken);
        }

        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => store.ListAsync(prefix, after, cancellationToken);

        public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => store.ListFoldersAsync(folder, cancellationToken);

        public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => store.ExistsAsync(name, cancellationToken);

        public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);
    }
}
