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

    public IEngineDevice Cuda(int index, DeviceRequest request) => new Device(TorchDevice.Cuda(index), request, request.PrecisionText);
#endif

#if !TORCHSHARP
    public IEngineDevice Cpu(DeviceRequest request) => throw new DeviceException("torch-cpu: this build has no libtorch; build with -p:TorchSharp=cpu.");
#else
    public IEngineDevice Cpu(DeviceRequest request) => new Device(TorchDevice.Cpu(), request, request.Precision is null ? DeviceRequest.Fp32 : request.PrecisionText);

    private sealed class Device(TorchDevice device, DeviceRequest request, string precision) : IEngineDevice
    {
        public string Name => device.Name;

        public string Description => device.Description;

        public string Precision => precision;

        public bool PacksVision => false;

        public ISegmenter CreateSegmenter(ClipModel model) => new TorchSegmenter(model, device, new TorchOptions { Precision = PrecisionOf(request), Batch = request.Batch });

        private static TorchPrecision? PrecisionOf(DeviceRequest request) => request.Precision switch
        {
            EnginePrecision.Float32 => TorchPrecision.Float32,
            EnginePrecision.BFloat16 => TorchPrecision.BFloat16,
            EnginePrecision.Float16 => TorchPrecision.Float16,
            _ => null,
        };
    }
#endif
}
