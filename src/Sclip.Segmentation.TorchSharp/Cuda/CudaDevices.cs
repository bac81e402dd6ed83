using System.Globalization;
using System.Text;

namespace Sclip.Segmentation.TorchSharp.Cuda;

/// <summary>What the driver says of a device.</summary>
/// <param name="Handle">The driver's handle.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its memory in bytes.</param>
/// <param name="Capability">Its compute capability, 9.0 as 90.</param>
internal sealed record CudaDeviceInfo(int Handle, string Name, long Bytes, int Capability);

/// <summary>The NVIDIA devices of this machine, or why there are none.</summary>
internal static unsafe class CudaDevices
{
    // What the packages of libtorch are built for; a driver of the same major version runs it (minor version compatibility).
    private const int RequiredMajor = 12;

    /// <summary>All devices, in the driver's order.</summary>
    /// <exception cref="DeviceException">There is no driver, it is too old, or it sees no device.</exception>
    public static IReadOnlyList<CudaDeviceInfo> List(out int driverVersion)
    {
        if (!CudaDriver.Exists)
            throw new DeviceException("there is no NVIDIA driver on this machine (libcuda.so.1 is not found); install the driver, or run the container with the NVIDIA runtime (--gpus all, nvidia.com/gpu).");
        var code = CudaDriver.Init(0);
        if (code == CudaDriver.NoDevice)
            throw new DeviceException("the NVIDIA driver sees no device; give the container one (--gpus all, nvidia.com/gpu), or look at CUDA_VISIBLE_DEVICES.");
        Require(code, "the NVIDIA driver does not start");
        Require(CudaDriver.GetVersion(out driverVersion), "the NVIDIA driver does not tell its version");
        if (driverVersion / 1000 < RequiredMajor)
            throw new DeviceException($"the NVIDIA driver is too old: it runs CUDA {Version(driverVersion)}, this build needs CUDA {RequiredMajor}; install driver 525 or later.");
        Require(CudaDriver.GetCount(out var count), "the NVIDIA driver does not list its devices");
        if (count == 0)
            throw new DeviceException("the NVIDIA driver sees no device; give the container one (--gpus all, nvidia.com/gpu), or look at CUDA_VISIBLE_DEVICES.");
        return [.. Enumerable.Range(0, count).Select(Read)];
    }

    /// <summary>A version as people write it: 12080 is 12.8.</summary>
    public static string Version(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");

    private static CudaDeviceInfo Read(int ordinal)
    {
        const string Problem = "the NVIDIA driver does not describe a device";
        Require(CudaDriver.GetDevice(out var device, ordinal), Problem);
        var name = stackalloc byte[256];
        Require(CudaDriver.GetName(name, 256, device), Problem);
        Require(CudaDriver.GetTotalMemory(out var bytes, device), Problem);
        Require(CudaDriver.GetAttribute(out var major, CudaDriver.AttributeMajor, device), Problem);
        Require(CudaDriver.GetAttribute(out var minor, CudaDriver.AttributeMinor, device), Problem);
        var text = new ReadOnlySpan<byte>(name, 256);
        return new CudaDeviceInfo(device, Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]), (long)bytes, major * 10 + minor);
    }

    private static void Require(int code, string problem)
    {
        if (code != CudaDriver.Success)
            throw new DeviceException($"{problem}: {CudaDriver.Describe(code)}.");
    }
}
