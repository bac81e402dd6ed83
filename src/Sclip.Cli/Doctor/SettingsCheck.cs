using Microsoft.Extensions.Configuration;
using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Workbench;
using Sclip.Worker;

namespace Sclip.Cli.Doctor;

/// <summary>The settings of the services in the environment: that each is one, and within its range.</summary>
internal static class SettingsCheck
{
    public static Finding Look(IConfiguration configuration)
    {
        const string Name = "settings";
        try
        {
            SclipOptions.CheckSections(configuration);
            SclipOptions.Read<WorkerOptions>(configuration, WorkerOptions.Section);
            SclipOptions.Read<DispatcherOptions>(configuration, DispatcherOptions.Section);
            SclipOptions.Read<WorkbenchOptions>(configuration, WorkbenchOptions.Section);
            return new Finding { Name = Name, State = FindingState.Ok, Detail = "All settings in the environment (SCLIP_SECTION__KEY) are known, and within their ranges." };
        }
        catch (ConfigurationException error)
        {
            return new Finding { Name = Name, State = FindingState.Missing, Detail = error.Message, Advice = "Correct the setting, or leave it out." };
        }
    }
}
