using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Testing;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

/// <summary>A pool with a cache, environment and clock of its own, that counts the engines it makes.</summary>
internal sealed class EngineFixture : IDisposable
{
    public static readonly string Models = Path.Combine(Repository.Root, "models");
    public static readonly LabelClass[] Classes = [new() { Name = "background", Background = true }, new() { Name = "red circle", Synonyms = ["red disc"] }];

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<EnginePool> _pool;

    /// <param name="endpoint">The hub; without one, an address where there is none.</param>
    public EngineFixture(string? endpoint = null)
    {
        Variables = new() { ["SCLIP_CACHE"] = _folder["cache"], ["HF_ENDPOINT"] = endpoint ?? "http://127.0.0.1:1" };
        Health = new(Host, Host.Exit, NullLogger<DeviceHealth>.Instance);
        // Made once however many threads of a test ask for it first, and late, for a test sets its options before.
        _pool = new(() => new(Options, Locator, Supply, new EngineDevices([.. Devices.Select(name => new CountedDevice(this, name))], ""), Health, Log));
    }

    public WorkerOptions Options { get; set; } = new() { ModelFolder = Models, Threads = 1 };

    /// <summary>Names of the devices of the pool.</summary>
    public string[] Devices { get; set; } = ["cpu"];

    /// <summary>Called before an engine is made of a model; throws where its device refuses it.</summary>
    public Action<ClipModel> OnCreate { get; set; } = _ => { };

    public LogLines<EnginePool> Log { get; } = new();

    public StoppableHost Host { get; } = new();

    public DeviceHealth Health { get; }

    public Dictionary<string, string> Variables { get; }

    public TemporaryFolder Folder => _folder;

    public List<CountedSegmenter> Segmenters { get; } = [];

    /// <summary>Most engines that were there at the same time.</summary>
    public int MostSegmenters { get; private set; }

    public ModelLocator Locator => new(Options, NullLogger<ModelLocator>.Instance)
    {
        Variable = Variables.GetValueOrDefault,
        Delay = (_, cancellationToken) => Task.CompletedTask.WaitAsync(cancellationToken),
    };

    /// <summary>How long one who asks waits for a pull: longer than a pull of the tests takes.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    public ManualTime Time { get; } = new();

    public ModelSupply Supply => field ??= new(Locator, Time) { Patience = Patience };

    public EnginePool Pool => _pool.Value;

    /// <summary>Puts a copy of the demo model into the model folder of the test.</summary>
    public string CopyDemo(string relative)
    {
        foreach (var (name, content) in FakeModel.DemoFiles())
            _folder.Write(Path.Combine(relative, name), content);
        return _folder[relative];
    }

    public Task<IEngineLease> Rent(string model = "demo/model", LabelClass[]? classes = null, string[]? templates = null, string? guide = null) =>
        Pool.RentAsync(model, guide, classes ?? Classes, templates, TestContext.Current.CancellationToken);

    public Task<string> Locate(string model) => Locator.LocateAsync(model, TestContext.Current.CancellationToken);

    private CountedSegmenter Create(ClipModel model, string device)
    {
        OnCreate(model);
        var segmenter = new CountedSegmenter(new ManagedSegmenter(model), device);
        lock (Segmenters)
        {
            Segmenters.Add(segmenter);
            MostSegmenters = Math.Max(MostSegmenters, Segmenters.Count(known => !known.Disposed));
        }
        return segmenter;
    }

    public void Dispose()
    {
        if (_pool.IsValueCreated)
            Pool.Dispose();
        Supply.Dispose();
        _folder.Dispose();
    }

    private sealed class CountedDevice(EngineFixture fixture, string name) : IEngineDevice
    {
        public string Name => name;

        public string Description => "";

        public EnginePrecision Precision => EnginePrecision.Float32;

        public bool PacksVision => true;

        public ISegmenter CreateSegmenter(ClipModel model) => fixture.Create(model, name);
    }
}

/// <summary>An engine that remembers that it is disposed of, and loses its device when it is told to.</summary>
internal sealed class CountedSegmenter(ISegmenter inner, string device) : ISegmenter
{
    public string Device => device;

    public bool Disposed { get; private set; }

    public bool IsLost { get; set; }

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default) =>
        IsLost ? throw new DeviceLostException("it fell off the bus.") : inner.Segment(pictures, labels, options, cancellationToken);

    public void Dispose()
    {
        Disposed = true;
        inner.Dispose();
    }
}
