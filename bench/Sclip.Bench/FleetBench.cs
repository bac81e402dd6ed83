using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sclip.Bench.Doubles;
using Sclip.Testing.Servers;

namespace Sclip.Bench;

/// <summary>
/// A dispatcher as a process of its own over a generated store of many jobs: how soon it is ready and knows all jobs from the blobs alone, how soon home and searches are
/// answered, and what memory it has; beside another build of it on the same store.
/// </summary>
internal static class FleetBench
{
    private const int Rounds = 20;

    // What an overview lists at most.
    private const int Listed = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string Program = Path.Combine("src", "Sclip.Dispatcher", "bin", "Release", "net10.0", "Sclip.Dispatcher.dll");

    private static readonly string[] Home = ["/fleet", "/fleet/jobs?limit=100"];

    public static async Task RunAsync(string scratch, int jobs, string? other)
    {
        var root = Path.Combine(scratch, jobs.ToString(CultureInfo.InvariantCulture));
        var start = Stopwatch.GetTimestamp();
        await FleetStore.WriteAsync(root, jobs);
        Report($"{jobs} jobs, {jobs * FleetStore.Shards} shards, {jobs * FleetStore.Images} images, there after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; shard lists and results are hard links, since all jobs label the same pictures");
        await using var broker = new RabbitMqServer();
        await broker.StartAsync();
        var now = await MeasureAsync(Program, root, broker.Uri, "/fleet", answer => answer.GetProperty("indexed").GetInt32() >= jobs && answer.GetProperty("complete").GetBoolean(), Home, Searches(jobs));
        if (other is null)
            return;
        var before = await MeasureAsync(other, root, broker.Uri, "/overview", answer => answer.GetProperty("jobs_total").GetInt32() >= jobs && answer.GetProperty("jobs").GetArrayLength() >= Math.Min(jobs, Listed), ["/overview"], []);
        Report($"the other build to this one: all jobs known after {before.Known / now.Known:F2} times the time, home {before.Home / now.Home:F2} times, memory {before.Memory / now.Memory:F2} times");
    }

    /// <summary>Words of few jobs and of many, in each field that is searched.</summary>
    private static (string Text, string Words)[] Searches(int jobs)
    {
        var (middle, last) = (jobs / 2, jobs - 1);
        return
        [
            ("name, one", FleetStore.Name(middle)), ("name, all", "harbour"), ("id, one", FleetStore.Id(last)), ("id, ten", FleetStore.Id(middle)[..^1]), ("input", FleetStore.Input(last)),
            ("input, all", "camera"), ("model", FleetStore.Model(middle)), ("class, rare", FleetStore.RareClass), ("class, all", "sky"), ("none", "no such word"),
        ];
    }

    private static async Task<(double Known, double Home, double Memory)> MeasureAsync(
        string program, string root, Uri broker, string list, Func<JsonElement, bool> knowsAll, string[] home, (string Text, string Words)[] searches)
    {
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is not there: dotnet build src/Sclip.Dispatcher -c Release");
        Report($"\n{program}");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Next()}"), Timeout = Patience };
        var start = Stopwatch.GetTimestamp();
        using var dispatcher = ServerProcess.Start(
            "dotnet", [program, $"--urls={client.BaseAddress}", $"--Store:Folder={root}", "--Store:Durable=false", $"--Store:Container={BenchJob.Container}", $"--Broker:Uri={broker}"]);
        await dispatcher.UntilReadyAsync(client.BaseAddress);
        var ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var first = await TimeAsync(client, home);
        while (!knowsAll(JsonDocument.Parse(await client.GetStringAsync(list)).RootElement))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{program} does not know all jobs after {Patience.TotalMinutes:F0} minutes: {dispatcher.Output}");
            await Task.Delay(100);
        }
        var known = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Report($"    ready after {ready:F1} s, first view {first:F0} ms after that, all jobs known {known:F1} s after the start; {Memory(dispatcher)}");
        var median = await RepeatAsync(client, string.Join(" and ", home), home);
        foreach (var (text, words) in searches)
            await RepeatAsync(client, $"search: {text}", $"/fleet/jobs?limit=100&search={Uri.EscapeDataString(words)}");
        Report($"    after these: {Memory(dispatcher)}");
        var memory = Status(dispatcher, "VmRSS");
        await dispatcher.TerminateAsync();
        return (known, median, memory);
    }

    private static async Task<double> RepeatAsync(HttpClient client, string text, params string[] addresses)
    {
        var milliseconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            milliseconds.Add(await TimeAsync(client, addresses));
            await Task.Delay(100);
        }
        var total = JsonDocument.Parse(await client.GetStringAsync(addresses[^1])).RootElement.TryGetProperty("total", out var found) ? $", of {found.GetInt32()} jobs" : "";
        Report($"    {text + total,-45} first {milliseconds[0],6:F1} ms, median {Medians.Of(milliseconds),6:F1} ms, most {milliseconds.Max(),6:F1} ms");
        return Medians.Of(milliseconds);
    }

    /// <summary>Milliseconds until all have answered, asked for at once as the page does.</summary>
    private static async Task<double> TimeAsync(HttpClient client, string[] addresses)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(addresses.Select(address => client.GetByteArrayAsync(address)));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static FormattableString Memory(ServerProcess process) => $"memory {Status(process, "VmRSS"):F0} MB, at most {Status(process, "VmHWM"):F0} MB";

    /// <summary>A size of a process in MB.</summary>
    private static double Status(ServerProcess process, string key) =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    private static void Report(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
