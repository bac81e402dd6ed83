using Sclip.Testing.Otlp;

namespace Sclip.Testing.Servers;

/// <summary>
/// What jobs run on: a blob server, a broker, and a worker as a process of its own that has the demo model as <c>demo/model</c> and pulls
/// none. Spans of the worker, and of whoever uses <see cref="Settings"/>, go to <see cref="Otlp"/>.
/// </summary>
public sealed class JobServers : IAsyncDisposable
{
    /// <summary>The model that the worker has.</summary>
    public const string Model = "demo/model";

    private readonly TemporaryFolder _models = new();
    private readonly int _workerPort = FreePort.Next();
    private ServerProcess? _worker;
    private OtlpReceiver? _otlp;

    public AzuriteServer Azurite { get; } = new();

    public RabbitMqServer RabbitMq { get; } = new();

    /// <summary>Where the worker listens.</summary>
    public Uri WorkerAddress => new($"http://127.0.0.1:{_workerPort}");

    public OtlpReceiver Otlp => _otlp ?? throw new InvalidOperationException("The servers are not started.");

    /// <summary>The configuration by which the program finds all of this.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Store:Connection"] = Azurite.ConnectionString,
        ["Broker:Uri"] = RabbitMq.Uri.ToString(),
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Otlp.HttpEndpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    /// <summary>A picture of the demo.</summary>
    public static byte[] Picture(int scene) => File.ReadAllBytes(Path.Combine(Repository.Root, "models", "demo", "pictures", $"scene-{scene}.png"));

    /// <summary>Starts all of it.</summary>
    /// <param name="worker">The worker's program, an assembly.</param>
    /// <param name="arguments">Its first arguments.</param>
    public async Task StartAsync(string worker, params string[] arguments)
    {
        _otlp = await OtlpReceiver.StartAsync();
        await Task.WhenAll(Azurite.StartAsync(), RabbitMq.StartAsync());
        AddModel(Model);
        string[] settings =
        [
            .. Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            $"--urls={WorkerAddress}", $"--Worker:ModelFolder={_models.Path}", "--Worker:PullModels=false", $"--Worker:Preload={Model}",
        ];
        _worker = ServerProcess.Start("dotnet", [worker, .. arguments, .. settings], new Dictionary<string, string> { ["SCLIP_CACHE"] = _models["cache"] });
        await _worker.UntilReadyAsync(WorkerAddress);
    }

    /// <summary>Gives the worker the demo model under another id.</summary>
    public void AddModel(string id)
    {
        var folder = _models[id];
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.CreateSymbolicLink(folder, Path.Combine(Repository.Root, "models", "demo", "model"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
            await _worker.TerminateAsync();
        _worker?.Dispose();
        await Azurite.DisposeAsync();
        await RabbitMq.DisposeAsync();
        if (_otlp is not null)
            await _otlp.DisposeAsync();
        _models.Dispose();
    }
}
