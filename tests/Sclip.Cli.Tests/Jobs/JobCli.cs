using Sclip.Cli.Tests.Jobs;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(JobCli))]

namespace Sclip.Cli.Tests.Jobs;

/// <summary>The job commands on a real broker and blob server, with <c>sclip worker</c> as a process of its own. They are configured by the environment, which all tests share: those that use it are one collection.</summary>
public sealed class JobCli : IAsyncLifetime
{
    /// <summary>The tests that set environment variables of jobs.</summary>
    public const string Collection = "jobs";

    private static readonly string[] Variables = ["STORE__CONNECTION", "STORE__FOLDER", "STORE__DURABLE", "STORE__ACCOUNT", "BROKER__URI"];
    private readonly SemaphoreSlim _start = new(1);
    private bool _started;

    public JobServers Servers { get; } = new();

    public IBlobAccount Account => new AzureBlobAccount(Servers.Azurite.ConnectionString);

    public JobBlobs Jobs => new(Account.Container("sclip"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Servers.DisposeAsync();

    /// <summary>Starts the servers, with the first test that needs them, and points the program to them.</summary>
    public async Task UseServersAsync()
    {
        await _start.WaitAsync();
        try
        {
            Use();
            if (!_started)
                await Servers.StartAsync(Path.Combine(AppContext.BaseDirectory, "sclip.dll"), "worker");
            _started = true;
        }
        finally
        {
            _start.Release();
        }
        Use(("STORE__CONNECTION", Servers.Azurite.ConnectionString), ("BROKER__URI", Servers.RabbitMq.Uri.ToString()));
    }

    /// <summary>Sets these of the program's variables, and no others.</summary>
    public static void Use(params (string Name, string Value)[] settings)
    {
        foreach (var name in Variables)
            Environment.SetEnvironmentVariable($"SCLIP_{name}", settings.FirstOrDefault(setting => setting.Name == name).Value);
    }

    /// <summary>A fresh container with blobs.</summary>
    public async Task<string> ContainerAsync(params (string Name, byte[] Content)[] blobs)
    {
        var container = $"c{Guid.NewGuid():n}";
        await Account.CreateContainerAsync(container, CancellationToken.None);
        await Parallel.ForEachAsync(blobs, async (blob, token) => await Account.Container(container).WriteAsync(blob.Name, blob.Content, WriteCondition.None, token));
        return container;
    }

    /// <summary>The arguments of a submit.</summary>
    public static string[] Submit(string input, params string[] more) => ["submit", "--input", input, "--labels", "grass, sky, a house", "--model", JobServers.Model, .. more];

    /// <summary>Runs a command that must do what it is told.</summary>
    public static async Task<string> DoneAsync(params string[] arguments)
    {
        var (code, output, error) = await SclipCli.Run(arguments);
        Assert.True(code == 0, $"{code}: {error}{output}");
        return output.Trim();
    }

    /// <summary>Runs a command that must fail with one line.</summary>
    public static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (code, output, error) = await SclipCli.Run(arguments);
        Assert.True(code == 1, $"{code}: {error}{output}");
        Assert.StartsWith("sclip: ", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
        return error;
    }

    /// <summary>The images of all shards of a job.</summary>
    public async Task<string[]> PlannedAsync(string id)
    {
        var names = new List<string>();
        for (var shard = 0; await Jobs.ReadShardAsync(id, shard, CancellationToken.None) is { } images; shard++)
            names.AddRange(images.Select(image => image.Name));
        return [.. names];
    }

    public Task<JobPlan?> PlanAsync(string id) => Jobs.ReadPlanAsync(id, CancellationToken.None);
}
