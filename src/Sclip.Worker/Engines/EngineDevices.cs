using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>The devices that a process labels on; at least one.</summary>
/// <param name="All">The devices, in the order asked for.</param>
/// <param name="Choice">Which they are, in words, and where it was left open why.</param>
public sealed record EngineDevices(IReadOnlyList<IEngineDevice> All, string Choice)
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; } = [.. All.Select(device => device.Name)];

    /// <summary>What their user should know before they are used, a sentence each.</summary>
    public IEnumerable<string> Warnings => All.Select(device => device.Warning).OfType<string>();

    /// <summary>Finds the devices that are asked for.</summary>
    /// <exception cref="DeviceException">One cannot be used. Nothing else is taken in its place: that is for <see cref="DeviceKind.Auto"/> alone.</exception>
    public static EngineDevices Find(DeviceRequest request) => Find(request, new TorchBackend(), precision => new ManagedDevice(precision));

    /// <param name="request">What is asked for.</param>
    /// <param name="torch">The devices of libtorch.</param>
    /// <param name="cpu">The CPU by the managed engine, in a precision.</param>
    internal static EngineDevices Find(DeviceRequest request, ITorchBackend torch, Func<EnginePrecision?, IEngineDevice> cpu) => request.Kind switch
    {
        DeviceKind.Cpu => Of(cpu(request.Precision)),
        DeviceKind.TorchCpu => Of(torch.Cpu(request)),
        DeviceKind.Cuda => Of([.. request.Indices.Select(index => torch.Cuda(index, request))]),
        _ => Choose(request, torch, cpu),
    };

    private static EngineDevices Of(params IEngineDevice[] devices) => new(devices, string.Join("; ", devices.Select(Describe)));

    private static EngineDevices Choose(DeviceRequest request, ITorchBackend torch, Func<EnginePrecision?, IEngineDevice> cpu)
    {
        var why = FirstCuda(request, torch, out var device);
        if (device is not null)
            return new([device], $"{Describe(device)}, chosen by auto");
        try
        {
            device = cpu(request.Precision);
        }
        catch (DeviceException error)
        {
            throw new DeviceException($"there is no GPU to compute in 16 bits ({why.TrimEnd('.')}), and {error.Message}", error);
        }
        return new([device], $"{Describe(device)}, chosen by auto: {why}");
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
