using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>The devices of libtorch, where there is one.</summary>
internal interface ITorchBackend
{
    /// <summary>How many CUDA devices there are; where there is none, why.</summary>
    int CountCuda(out string why);

    /// <summary>A CUDA device.</summary>
    /// <exception cref="DeviceException">It cannot be used.</exception>
    IEngineDevice Cuda(int index, DeviceRequest request);

    /// <summary>The CPU by libtorch.</summary>
    /// <exception cref="DeviceException">libtorch is missing.</exception>
    IEngineDevice Cpu(DeviceRequest request);
}
