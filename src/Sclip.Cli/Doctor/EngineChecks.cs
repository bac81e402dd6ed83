using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;
using Sclip.Segmentation;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Doctor;

/// <summary>What computes: the device that workers take by their settings, a GPU, and libtorch.</summary>
internal static class EngineChecks
{
    private const string Install = "docs/gpu.md tells how libtorch is installed, and SCLIP_LIBTORCH names its folder.";

    public static IEnumerable<Finding> All(IConfiguration configuration)
    {
        yield return Device(configuration);
        // The GPU first: a libtorch without CUDA that is loaded stays the process's only one.
        yield return Of("gpu", "cuda", "Pictures are labelled on the CPU, many times slower.");
        yield return Of("libtorch", "torch-cpu", "The CPU's own engine needs none.");
    }

    private static Finding Device(IConfiguration configuration)
    {
        const string Name = "device";
        try
        {
            var devices = EngineDevices.Find(SclipOptions.Read<WorkerOptions>(configuration, WorkerOptions.Section).DeviceRequest());
            return new Finding { Name = Name, State = FindingState.Ok, Detail = $"Workers label on {devices.Choice.TrimEnd('.')}.", Advice = devices.Warnings.FirstOrDefault() };
        }
        catch (DeviceException error)
        {
            return new Finding { Name = Name, State = FindingState.Missing, Detail = Sentence(error.Message), Advice = $"Set {SclipOptions.Shown(WorkerOptions.Section, nameof(WorkerOptions.Device))} to cpu, or mend it. {Install}" };
        }
        catch (ConfigurationException error)
        {
            return new Finding { Name = Name, State = FindingState.Missing, Detail = error.Message, Advice = "Correct the setting, or leave it out." };
        }
    }

    private static Finding Of(string name, string device, string without)
    {
        if (!DeviceRequest.TryParse(device, null, null, null, out var request, out _))
            throw new InvalidOperationException(device);
        try
        {
            return new Finding { Name = name, State = FindingState.Ok, Detail = $"It works: {EngineDevices.Find(request).Choice.TrimEnd('.')}." };
        }
        catch (DeviceException error)
        {
            return new Finding { Name = name, State = FindingState.NotConfigured, Detail = $"{Sentence(error.Message)} {without}", Advice = Install };
        }
    }

    private static string Sentence(string text) => text.TrimEnd('.') + ".";
}
