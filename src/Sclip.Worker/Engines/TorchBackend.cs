using Sclip.Segmentation;
using Sclip.Segmentation.TorchSharp;

namespace Sclip.Worker.Engines;

/// <summary>The devices of libtorch, where there is one; the one place that knows the backend.</summary>
internal sealed class TorchBackend : ITorchBackend
{
    public int CountCuda(out string why) => TorchDevice.CountCuda(out why);

    public IEngineDevice Cuda(int index, DeviceRequest request) => new Device(TorchDevice.Cuda(index), request);

    public IEngineDevice Cpu(DeviceRequest request) => new Device(TorchDevice.Cpu(), request);

    private sealed class Device(TorchDevice device, DeviceRequest request) : IEngineDevice
    {
        public string Name => device.Name;

        public string Description => device.Description;

        public EnginePrecision Precision => request.Precision ?? device.DefaultPrecision;

        public bool PacksVision => false;

        public ISegmenter CreateSegmenter(ClipModel model) => new TorchSegmenter(model, device, new TorchOptions { Precision = Precision, Batch = request.Batch });
    }
}
