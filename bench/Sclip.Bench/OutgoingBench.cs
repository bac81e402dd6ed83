using System.Diagnostics;
using System.Globalization;
using Sclip.Testing.Servers;

namespace Sclip.Bench;

/// <summary>
/// What the programs ask others for: <c>label</c>, a worker and a dispatcher at work for some minutes, each behind a proxy that writes down what
/// it is asked for and answers nothing. The store and the broker on this machine are reached without it.
/// </summary>
internal static class OutgoingBench
{
    private const int Pictures = 3_000;
    private static readonly string Program = Path.Combine("src", "Sclip.Cli", "bin", "Release", "net10.0", "sclip.dll");

    public static async Task<bool> RunAsync(string scratch, string model, TimeSpan time)
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException($"{Program} is not there: dotnet build src/Sclip.Cli -c Release");
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        var photos = WritePictures(Path.Combine(scratch, "photos"));
        await using var azurite = new AzuriteServer();
        await using var broker = new RabbitMqServer();
        await Task.WhenAll(azurite.StartAsync(), broker.StartAsync());
        var settings = new Dictionary<string, string>
        {
            ["SCLIP_STORE__CONNECTION"] = azurite.ConnectionString,
            ["SCLIP_BROKER__URI"] = broker.Uri.ToString(),
            ["SCLIP_WORKER__MODELFOLDER"] = Path.GetDirectoryName(model)!,
            ["SCLIP_CACHE"] = Path.Combine(scratch, "cache"),
        };
        string[] labelling = ["--labels", "grass, sky, a house"];

        // What the proxy can see at all: the hub is asked through it.
        await using var control = new Witnessed("model pull (the control: it must ask)", settings, "model", "pull", "nobody/nothing");
        await control.EndAsync();
        await using var upload = new Witnessed("upload", settings, "upload", photos, "--to", "photos");
        await upload.EndAsync();
        await using var submit = new Witnessed("submit", settings, ["submit", "--input", "photos", "--model", Path.GetFileName(model), .. labelling]);
        await submit.EndAsync();
        await using var worker = new Witnessed("worker", settings, "worker");
        await using var dispatcher = new Witnessed("dispatcher", settings, "dispatcher", "--urls=http://127.0.0.1:0");
        await using var label = new Witnessed("label", settings, ["label", photos, "--model", model, "--out", Path.Combine(scratch, "out"), .. labelling]);
        Witnessed[] lasting = [label, worker, dispatcher];
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time && Array.TrueForAll(lasting, program => !program.HasEnded))
            await Task.Delay(TimeSpan.FromSeconds(1));
        var ended = Array.FindAll(lasting, program => program.HasEnded);
        foreach (var program in ended)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{program.Name} ended after {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s, before its time:\n{program.Output}"));
        foreach (var program in lasting)
            await program.StopAsync();
        Witnessed[] all = [control, upload, submit, .. lasting];
        foreach (var program in all)
            Console.WriteLine($"{program.Name}: {(program.Asked.Count == 0 ? "asked for nothing" : "asked for " + string.Join(", ", program.Asked.Distinct()))}");
        return ended.Length == 0 && control.Asked.Count > 0 && Array.TrueForAll(all[1..], program => program.Asked.Count == 0);
    }

    private static string WritePictures(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var picture = 0; picture < Pictures; picture++)
            File.Copy(Path.Combine("models", "demo", "pictures", "scene-1.png"), Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{picture:D4}.png")));
        return folder;
    }

    /// <summary>A run of the program behind a proxy of its own.</summary>
    private sealed class Witnessed : IAsyncDisposable
    {
        private readonly RecordingProxy _proxy = new();
        private readonly ServerProcess _process;

        public Witnessed(string name, IReadOnlyDictionary<string, string> settings, params string[] arguments)
        {
            Name = name;
            var environment = new Dictionary<string, string>(settings) { ["NO_PROXY"] = "127.0.0.1", ["no_proxy"] = "127.0.0.1" };
            foreach (var key in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
                environment[key] = environment[key.ToLowerInvariant()] = _proxy.Address;
            _process = ServerProcess.Start("dotnet", [Program, .. arguments], environment);
        }

        public string Name { get; }

        public IReadOnlyCollection<string> Asked => _proxy.Asked;

        public bool HasEnded => _process.HasExited;

        public string Output => _process.Output;

        public Task EndAsync() => _process.EndAsync(CancellationToken.None);

        /// <summary>Ends it as an operator does.</summary>
        public Task StopAsync() => _process.TerminateAsync(TimeSpan.FromMinutes(1));

        public async ValueTask DisposeAsync()
        {
            _process.Dispose();
            await _proxy.DisposeAsync();
        }
    }
}
