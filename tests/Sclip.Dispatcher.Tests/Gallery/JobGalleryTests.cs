using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Tests.Board;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Gallery;

/// <summary>The indexes of several jobs: how many are kept, and what if somebody deletes them.</summary>
public sealed class JobGalleryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CacheFolder _cache;
    private readonly CountingStore _store;
    private readonly JobStores _stores;
    private readonly JobGallery _gallery;

    public JobGalleryTests()
    {
        _cache = new CacheFolder(new DispatcherOptions { CacheFolder = _folder["cache"] });
        _store = new CountingStore(new FileBlobStore(_folder["store"], durable: false));
        _stores = new JobStores("sclip", new JobBlobs(_store), _ => _store, job => new SubStore(_store, JobNames.Folder(job.Id)));
        _gallery = new JobGallery(_stores, _cache, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance)) { MostIndexes = 3 };
    }

    private string[] Kept => [.. Directory.GetFiles(_folder["cache/gallery"], "*.db").Select(file => Path.GetFileName(file).Split('.')[0]).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _gallery.Dispose();
        _cache.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("all")]
    public async Task What_is_deleted_while_it_is_in_use_is_made_anew_and_every_question_is_answered(string deleted)
    {
        var (one, two) = (await AddAsync("one"), await AddAsync("two"));
        await FindAsync(one);
        if (deleted == "file")
            foreach (var file in Directory.GetFiles(_folder["cache/gallery"]))
                File.Delete(file);
        else
            Directory.Delete(_folder[deleted == "all" ? "cache" : "cache/gallery"], recursive: true);
        await FindAsync(one);
        await FindAsync(two);
        await _gallery.TakeMarksAsync(one, [0], TestContext.Current.CancellationToken);
        Assert.Equal(["one", "two"], Kept);
    }

    [Fact]
    public async Task The_index_that_was_not_used_for_the_longest_gives_way()
    {
        var jobs = await Task.WhenAll(((string[])["a", "b", "c", "d", "e"]).Select(AddAsync));
        foreach (var job in jobs[..3])
            await FindAsync(job);
        Assert.Equal(["a", "b", "c"], Kept);
        await FindAsync(jobs[0]);
        await FindAsync(jobs[3]);
        Assert.Equal(["a", "c", "d"], Kept);
        await FindAsync(jobs[4]);
        Assert.Equal(["a", "d", "e"], Kept);
        await FindAsync(jobs[1]);
        Assert.Equal(["b", "d", "e"], Kept);
    }

    [Fact]
    public async Task One_that_is_in_use_stays_however_old_it_is()
    {
        var jobs = await Task.WhenAll(((string[])["held", "b", "c", "d", "e"]).Select(AddAsync));
        using var free = new ManualResetEventSlim();
        _store.Before = name =>
        {
            if (name == JobNames.Summary("held"))
                free.Wait(JobFixture.Patience);
        };
        var held = Task.Run(() => FindAsync(jobs[0]));
        while (!Directory.Exists(_folder["cache/gallery"]) || !Kept.Contains("held"))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        foreach (var job in jobs[1..4])
            await FindAsync(job);
        Assert.Equal(["b", "c", "d", "held"], Kept);
        free.Set();
        await held;
        await FindAsync(jobs[4]);
        Assert.Equal(["c", "d", "e"], Kept);
    }

    private async Task<JobDocument> AddAsync(string id)
    {
        var job = new JobDocument { Id = id, Created = DateTimeOffset.UnixEpoch, Input = new JobInput { Container = "nowhere" }, Labels = [new LabelClass { Name = "grass" }], Model = "a/b", Settings = new(), ShardSize = 5 };
        await _stores.Jobs.CommitResultAsync(id, 0, [new ImageResult { Image = $"{id}.png", Status = ImageStatus.Ok }], default);
        return job;
    }

    private async Task FindAsync(JobDocument job)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (true)
        {
            var page = await _gallery.FindAsync(job, new GalleryQuery(), limit.Token);
            if (!page.Complete)
                continue;
            Assert.Equal($"{job.Id}.png", Assert.Single(page.Images).Image);
            return;
        }
    }
}
