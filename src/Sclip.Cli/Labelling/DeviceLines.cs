using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>Says what a run labels on, and what there is to know of it.</summary>
internal static class DeviceLines
{
    public static async Task TellAsync(this EngineDevices devices, CliContext context)
    {
        await context.Output.WriteLineAsync($"labelling on {devices.Choice}");
        foreach (var warning in devices.Warnings)
            await context.Error.WriteLineAsync($"warning: {warning}");
    }
}
