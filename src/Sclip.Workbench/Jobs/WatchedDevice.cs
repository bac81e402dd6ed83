using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Workbench.Jobs;

/// <summary>A device whose loss ends the process, since that cannot have it again.</summary>
internal sealed class WatchedDevice(IEngineDevice device, DeviceHealth health) : IEngineDevice
{
    public string Name => device.Name;

    public string Description => device.Description;

    public EnginePrecision Precision => device.Precision;

    public string? Warning => device.Warning;

    public bool PacksVision => device.PacksVision;

    public ISegmenter CreateSegmenter(ClipModel model) => new WatchedSegmenter(device.CreateSegmenter(model), model, device.Name, health);

    public ClipModel LoadModel(string directory, int threads, bool packVision = true, string? guide = null) => device.LoadModel(directory, threads, packVision, guide);
}
