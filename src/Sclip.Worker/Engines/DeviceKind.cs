namespace Sclip.Worker.Engines;

/// <summary>What may be asked for to compute on.</summary>
public enum DeviceKind
{
    /// <summary>The first CUDA device that can be used, else the managed engine.</summary>
    Auto,

    /// <summary>The managed engine, on the CPU.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs.</summary>
    Cuda,

    /// <summary>libtorch on the CPU, for comparison.</summary>
    TorchCpu,
}
