using System.Runtime.InteropServices;
using global::TorchSharp;
using Sclip.Segmentation.TorchSharp.Cuda;
using Sclip.Segmentation.TorchSharp.Libtorch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>A device that libtorch computes on.</summary>
public sealed record TorchDevice
{
    private const int Bf16Capability = 80;

    private TorchDevice(torch.Device device, string name, string model, string description, int capability, CudaContext? context) =>
        (Device, Name, Model, Description, Capability, Context) = (device, name, model, description, capability, context);

    /// <summary>Its name, as <c>cuda:0</c> or <c>torch-cpu</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, for people.</summary>
    public string Description { get; }

    /// <summary>The precision to compute in where none is asked for.</summary>
    public EnginePrecision DefaultPrecision => Context is null ? EnginePrecision.Float32 : Capability >= Bf16Capability ? EnginePrecision.BFloat16 : EnginePrecision.Float16;

    internal torch.Device Device { get; }

    /// <summary>Its maker's name for it.</summary>
    internal string Model { get; }

    /// <summary>Its compute capability, 9.0 as 90; 0 for a CPU.</summary>
    internal int Capability { get; }

    /// <summary>The context of a CUDA device; null for a CPU.</summary>
    internal CudaContext? Context { get; }

    /// <summary>Bytes of memory that are free; what libtorch keeps for itself counts as taken.</summary>
    internal long FreeBytes => Context is { } context ? context.Memory().Free : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Opens a CUDA device.</summary>
    /// <param name="index">Its index, from 0 on, in the driver's order.</param>
    /// <exception cref="DeviceException">There is no libtorch with CUDA, there is no driver or it is too old, there is no such device, or this libtorch does not run on it.</exception>
    public static TorchDevice Cuda(int index)
    {
        try
        {
            var devices = CudaDevices.List(out var driver);
            if (index < 0 || index >= devices.Count)
                throw new DeviceException($"there is no such device; this machine has {string.Join(", ", devices.Select((device, i) => $"cuda:{i} ({device.Name})"))}.");
            if (!NativeLibraries.TryLoad(cuda: true, out var problem))
                throw new DeviceException(problem);
            if (!torch.cuda.is_available())
                throw new DeviceException($"libtorch does not find the device that the driver (for CUDA {CudaDevices.Version(driver)}) lists; are both of the same machine, and is CUDA_VISIBLE_DEVICES set?");
            var info = devices[index];
            var description = FormattableString.Invariant(
                $"{info.Name}, {info.Bytes / (double)(1 << 30):0.#} GiB, compute capability {info.Capability / 10}.{info.Capability % 10}, driver for CUDA {CudaDevices.Version(driver)}");
            var device = new torch.Device(DeviceType.CUDA, index);
            Try(device, info);
            return new TorchDevice(device, $"cuda:{index}", info.Name, description, info.Capability, new CudaContext(info.Handle));
        }
        catch (Exception error) when (error is DeviceException or DeviceLostException)
        {
            throw new DeviceException($"cuda:{index}: {error.Message}", error);
        }
    }

    /// <summary>Takes libtorch on the CPU.</summary>
    /// <exception cref="DeviceException">libtorch cannot be loaded.</exception>
    public static TorchDevice Cpu() => NativeLibraries.TryLoad(cuda: false, out var problem)
        ? new TorchDevice(torch.CPU, "torch-cpu", "CPU", "CPU by libtorch", 0, null)
        : throw new DeviceException($"torch-cpu: {problem}");

    /// <summary>Counts the CUDA devices that can be used; without a driver, which is checked first, libtorch is not loaded.</summary>
    /// <param name="why">Why there are none, where the result is 0; else empty.</param>
    /// <exception cref="DeviceException">The user names a libtorch that cannot be taken.</exception>
    public static int CountCuda(out string why)
    {
        if (NativeLibraries.IsTold && !NativeLibraries.TryFind(cuda: false, out _, out var refusal))
            throw new DeviceException(refusal);
        var count = 0;
        if (!CudaDriver.Exists)
            why = "there is no NVIDIA driver";
        else if (NativeLibraries.TryFind(cuda: true, out _, out var problem) && (count = CountListed(out problem)) > 0 && NativeLibraries.TryLoad(cuda: true, out problem))
            why = "";
        else if (NativeLibraries.IsTold && count > 0)
            throw new DeviceException(problem);
        else
            (count, why) = (0, problem);
        return count;
    }

    private static int CountListed(out string problem)
    {
        problem = "";
        try
        {
            return CudaDevices.List(out _).Count;
        }
        catch (DeviceException error)
        {
            problem = error.Message;
            return 0;
        }
    }

    /// <summary>Computes something small: builds of libtorch leave out the kernels of old devices.</summary>
    private static void Try(torch.Device device, CudaDeviceInfo info)
    {
        try
        {
            using var _ = torch.NewDisposeScope();
            torch.ones(2, 2, device: device).mm(torch.ones(2, 2, device: device)).sum().cpu();
        }
        catch (ExternalException error)
        {
            throw new DeviceException($"{info.Name} does not compute with this build of libtorch: {TorchFault.FirstLine(error)}", error);
        }
    }
}
