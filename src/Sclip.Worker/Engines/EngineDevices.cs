using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>The devices that a process labels on; at least one.</summary>
/// <param name="All">The devices, in the order asked for.</param>
/// <param name="Choice">Which they are, in words, and where it was left open why.</param>
public sealed record EngineDevices(IReadOnlyList<IEngineDevice> All, string Choice)
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; } = [.. All.Select(device => device.Name)];

    /// <summary>Finds the devices that are asked for.</summary>
    /// <exception cref="DeviceException">One cannot be used. Nothing else is taken in its place: that is for <see cref="DeviceKind.Auto"/> alone.</exception>
    public static EngineDevices Find(DeviceRequest request) => Find(request, new TorchBackend());

    internal static EngineDevices Find(DeviceRequest request, ITorchBackend torch) => request.Kind switch
    {
        DeviceKind.Cpu => Of(new ManagedDevice()),
        DeviceKind.TorchCpu => Of(torch.Cpu(request)),
        DeviceKind.Cuda => Of([.. request.Indices.Select(index => torch.Cuda(index, request))]),
        _ => Choose(request, torch),
    };

    private static EngineDevices Of(params IEngineDevice[] devices) => new(devices, string.Join("; ", devices.Select(Describe)));

    private static EngineDevices Choose(DeviceRequest request, ITorchBackend torch)
    {
        var why = FirstCuda(request, torch, out var device);
        if (device is not null)
            return new([device], $"{Describe(device)}, chosen by auto");
        if (request.Precision is not (null or EnginePrecision.Float32))
            throw new DeviceException($"there is no GPU to compute in 16 bits ({why}), and the CPU computes in fp32 alone: leave the precision to auto, or name the device.");
        var cpu = new ManagedDevice();
        return new([cpu], $"{Describe(cpu)}, chosen by auto: {why}");
    }

    /// <summary>The first CUDA device, or why it cannot be used.</summary>
    private static string FirstCuda(DeviceRequest request, ITorchBackend torch, out IEngineDevice? device)
    {
        device = null;
        if (torch.CountCuda(out var why) == 0)
            return why;
        try
        {
            device = torch.Cuda(0, request);
            return "";
        }
        catch (DeviceException error)
        {
            return error.Message;
        }
    }

    private static string Describe(IEngineDevice device) => $"{device.Name} ({device.Description})";
}
