using System.Globalization;
using Sclip.Bench.Doubles;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Bench;

/// <summary>
/// A job that keeps features, then jobs over them by other names, on two workers of this machine with a real RabbitMQ and a real Azurite: from the job's own times.
/// Each worker has half of the processors' threads.
/// </summary>
internal static class FeatureJobsBench
{
    private const int Width = 500, Height = 375, Workers = 2, Rounds = 3;
    private const string Model = "bench/vit-b-16";
    private static readonly string[] NameSets =
    [
        "background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, table, dog, horse, motorbike, person, plant, sheep, sofa, train",
        "background, airplane, bike, bird, ship, bottle, coach, automobile, kitten, seat, bull, desk, puppy, pony, scooter, man, flower, lamb, couch, locomotive",
    ];

    public static async Task RunAsync(string scratch, string model, int pictures)
    {
        ReadyProgram.Require();
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        var (models, cache) = (Path.Combine(scratch, "models"), Path.Combine(scratch, "cache"));
        Directory.CreateDirectory(Path.Combine(models, "bench"));
        Directory.CreateSymbolicLink(Path.Combine(models, Model), Path.GetFullPath(model));
        await using var azurite = new AzuriteServer();
        await using var rabbit = new RabbitMqServer();
        await Task.WhenAll(azurite.StartAsync(), rabbit.StartAsync());
        var account = new AzureBlobAccount(azurite.ConnectionString);
        await account.CreateContainerAsync("photos", CancellationToken.None);
        for (var i = 0; i < pictures; i++)
            await account.Container("photos").WriteAsync($"set/{i:0000}.jpg", Photograph.Jpeg(Width, Height, i), WriteCondition.None, CancellationToken.None);
        // A picture alone has both sets of names embedded, as the second job of the same names finds them.
        await account.Container("photos").WriteAsync("one/0000.jpg", Photograph.Jpeg(Width, Height, 0), WriteCondition.None, CancellationToken.None);
        string[] settings = [$"--Store:Connection={azurite.ConnectionString}", $"--Broker:Uri={rabbit.Uri}"];
        var environment = new Dictionary<string, string> { ["SCLIP_STORE__CONNECTION"] = azurite.ConnectionString, ["SCLIP_BROKER__URI"] = rabbit.Uri.ToString(), ["SCLIP_CACHE"] = cache };
        var threads = Math.Max(1, Environment.ProcessorCount / Workers);
        var workers = Enumerable.Range(0, Workers).Select(_ => ServerProcess.Start(
            "dotnet", [ReadyProgram.Path, "worker", .. settings, $"--Worker:ModelFolder={models}", "--Worker:PullModels=false", $"--Worker:Preload={Model}", $"--Worker:Threads={threads}"], environment)).ToArray();
        try
        {
            var blobs = JobStores.Of(account, "sclip").Jobs;
            foreach (var names in NameSets)
                await RunJobAsync(blobs, environment, ["--input", "photos/one", "--model", Model, "--labels", names, "--shard-size", "1"]);
            var (kept, first) = await RunJobAsync(blobs, environment, ["--input", "photos/set", "--model", Model, "--labels", NameSets[0], "--keep-features", "fp16", "--shard-size", "25"]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures of {Width} x {Height}, {Workers} workers of {threads} thread(s): the job that kept features took {first:0.0} s"));
            var over = new List<double>();
            for (var round = 0; round < Rounds; round++)
                over.Add((await RunJobAsync(blobs, environment, ["--features-of", kept, "--labels", NameSets[1], "--shard-size", "25", "--new"])).Seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"jobs over its features took {Medians.Of(over):0.00} s ({over.Min():0.00} to {over.Max():0.00}): {first / Medians.Of(over):0.0} times as fast ({first / over.Min():0.0})"));
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.TerminateAsync();
                worker.Dispose();
            }
        }
    }

    /// <summary>Submits a job and waits for its end: the seconds from when it was written until its summary was.</summary>
    private static async Task<(string Id, double Seconds)> RunJobAsync(JobBlobs blobs, Dictionary<string, string> environment, string[] arguments)
    {
        var submit = ServerProcess.Start("dotnet", [ReadyProgram.Path, "submit", .. arguments], environment);
        while (!submit.HasExited)
            await Task.Delay(20);
        await Task.Delay(200);
        var id = submit.ExitCode == 0 ? submit.Output.Split('\n', StringSplitOptions.TrimEntries).Last(line => line.Length > 0 && !line.Contains(' ')) : throw new InvalidOperationException($"submit ended with {submit.ExitCode}: {submit.Output}");
        while (true)
        {
            if (await blobs.ReadSummaryAsync(id, CancellationToken.None) is { } summary)
                return (id, (summary.Completed - (await blobs.ReadJobAsync(id, CancellationToken.None))!.Created).TotalSeconds);
            await Task.Delay(100);
        }
    }
}
