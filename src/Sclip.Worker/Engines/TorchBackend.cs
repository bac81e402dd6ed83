using Sclip.Segmentation;
#if TORCHSHARP
using Sclip.Segmentation.TorchSharp;
#endif

namespace Sclip.Worker.Engines;

/// <summary>The devices of libtorch where the build has it (<c>-p:TorchSharp</c>), else what to build for them; the one place that knows.</summary>
internal sealed class TorchBackend : ITorchBackend
{
#if !TORCHSHARP || TORCHSHARP_CPU
    private const string NoCuda = "this build has no CUDA backend";

    public int CountCuda(out string why)
    {
        why = NoCuda;
        return 0;
    }

    public IEngineDevice Cuda(int index, DeviceRequest request) =>
        throw new DeviceException($"cuda:{index}: {NoCuda}; build with -p:TorchSharp=true (image sclip/worker-cuda).");
#else
    public int CountCuda(out string why) => TorchDevice.CountCuda(out why);

    public IEngineDevice Cuda(int index, DeviceRequest request) => new Device(TorchDevice.Cuda(index), request);
#endif

#if !TORCHSHARP
    public IEngineDevice Cpu(DeviceRequest request) => throw new DeviceException("torch-cpu: this build has no libtorch; build with -p:TorchSharp=cpu.");
#else
    public IEngineDevice Cpu(DeviceRequest request) => new Device(TorchDevice.Cpu(), request);

    private sealed class Device(TorchDevice device, DeviceRequest request) : IEngineDevice
    {
        public string Name => device.Name;

        public string Description => device.Description;

        public EnginePrecision Precision => request.Precision ?? device.DefaultPrecision;

        public bool PacksVision => false;

        public ISegmenter CreateSegmenter(ClipModel model) => new TorchSegmenter(model, device, new TorchOptions { Precision = Precision, Batch = request.Batch });
    }
#endif
}
