using System.Globalization;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Jobs over containers that list folder by folder, or as plain names, planned to the end and interrupted anywhere.</summary>
public sealed class ListingOrderTests
{
    private static readonly string[] Names =
    [
        "set/a-b.jpg", "set/a.jpg", "set/a/1.jpg", "set/a/2.jpg", "set/a/notes.txt", "set/a b/1.jpg", "set/a/1/x.png", "set/a/1-2.png", "set/a0.png", "set/b.png", "set/b/c.png", "set/b/c/readme.md", "set/z.txt",
    ];

    public static MatrixTheoryData<bool, StartFromSupport> Services { get; } = new([false, true], Enum.GetValues<StartFromSupport>());

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_plan_that_is_interrupted_at_every_step_misses_no_image_and_has_none_twice(bool folderByFolder, StartFromSupport support)
    {
        await using var server = await ServerAsync(folderByFolder, support, pageSize: 3);
        using var bench = new PlanningBench(new AzureBlobAccount(server.ConnectionString));
        var job = await bench.SubmitAsync(PlanningBench.Request("photos/set/"));
        // Each run gets one step further than the one before.
        var (steps, survived, runs) = (0, 0, 0);
        Task Crash(string what) => steps++ == survived ? throw new IOException($"killed before {what}") : Task.CompletedTask;
        bench.BeforeWrite = Crash;
        bench.Sender.Before = shard => Crash(shard.ToString(CultureInfo.InvariantCulture));
        var plan = await PlanAsync();
        while (plan is null)
            plan = await PlanAsync();
        Assert.InRange(runs, 5, 50);
        Assert.Equal(server.Ordered.Where(IsImage), await bench.PlannedAsync(job.Id));
        Assert.Equal(Names.Count(IsImage), plan.Images);
        // Folders are blobs where they are listed: a, a/1, a b, b and b/c.
        Assert.Equal(folderByFolder ? 3 + 5 : 3, plan.OtherBlobs);
        Assert.Equal(Enumerable.Range(0, plan.Shards), bench.Sender.Sent.Distinct().Order());

        async Task<Contracts.Jobs.JobPlan?> PlanAsync()
        {
            (steps, runs) = (0, runs + 1);
            try
            {
                return await bench.PlanAsync(job);
            }
            catch (IOException)
            {
                survived++;
                return null;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task An_image_that_is_gone_when_the_plan_goes_on_behind_it_takes_no_other_with_it(bool folderByFolder, StartFromSupport support)
    {
        for (var last = 1; last < 5; last++)
        {
            await using var server = await ServerAsync(folderByFolder, support, pageSize: 4);
            using var bench = new PlanningBench(new AzureBlobAccount(server.ConnectionString));
            var job = await bench.SubmitAsync(PlanningBench.Request("photos/set/"));
            bench.BeforeWrite = name => name == Contracts.Jobs.JobNames.Shard(job.Id, last) ? throw new IOException("killed") : Task.CompletedTask;
            await Assert.ThrowsAsync<IOException>(() => bench.PlanAsync(job));
            bench.BeforeWrite = _ => Task.CompletedTask;
            var (before, all) = (await bench.PlannedAsync(job.Id), server.Ordered);
            server.Names.Remove(before[^1]);
            await bench.PlanAsync(job);
            Assert.Equal(all.Where(IsImage), await bench.PlannedAsync(job.Id));
        }
    }

    [Fact]
    public async Task A_plan_that_goes_on_reads_no_page_again()
    {
        await using var server = new ListingServer(ListingServer.FolderByFolder, pageSize: 10);
        server.Names.UnionWith(Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{i / 50}/{i:000}.png")));
        await server.StartAsync();
        using var bench = new PlanningBench(new AzureBlobAccount(server.ConnectionString));
        var job = await bench.SubmitAsync(PlanningBench.Request());
        bench.BeforeWrite = name => name == Contracts.Jobs.JobNames.Plan(job.Id) ? throw new IOException("killed") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => bench.PlanAsync(job));
        bench.BeforeWrite = _ => Task.CompletedTask;
        var before = server.Requests.Length;
        Assert.Equal((200, 4), ((await bench.PlanAsync(job))!.Images, (await bench.PlanAsync(job))!.OtherBlobs));
        Assert.Equal(1, server.Requests.Length - before);
    }

    private static bool IsImage(string name) => name.EndsWith("jpg", StringComparison.Ordinal) || name.EndsWith("png", StringComparison.Ordinal);

    private static async Task<ListingServer> ServerAsync(bool folderByFolder, StartFromSupport support, int pageSize)
    {
        var server = new ListingServer(folderByFolder ? ListingServer.FolderByFolder : StringComparer.Ordinal, support, pageSize);
        server.Names.UnionWith(Names);
        await server.StartAsync();
        return server;
    }
}
