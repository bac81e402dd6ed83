using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli.Doctor;

/// <summary><c>sclip doctor</c>: looks whether what this machine has and what is configured works.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliContext context)
    {
        var json = JsonOption.Create();
        var command = new Command("doctor", "Check what is needed or configured: picture libraries, libtorch and GPU, cache, models, store, broker, ports, by the same settings as the services. Exit code 0 if all of it works.") { json };
        command.SetAction(async (parsed, _) =>
        {
            var diagnosis = await DiagnoseAsync(new ConfigurationBuilder().AddSclipEnvironment().Build(), context.Stop);
            if (parsed.GetValue(json))
                await context.Output.WriteJsonAsync(diagnosis, CliJson.Default.Diagnosis);
            else
                Write(context, diagnosis);
            return diagnosis.Ok ? ExitCodes.Done : ExitCodes.CannotRun;
        });
        return command;
    }

    /// <summary>Looks at all parts.</summary>
    internal static async Task<Diagnosis> DiagnoseAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        Finding[] checks =
        [
            .. LibraryChecks.All(), .. EngineChecks.All(configuration), .. ModelChecks.All(configuration),
            await StoreCheck.InspectAsync(configuration, cancellationToken), await BrokerCheck.InspectAsync(configuration, cancellationToken), .. await PortChecks.AllAsync(configuration, cancellationToken),
            SettingsCheck.Look(configuration),
        ];
        return new Diagnosis { Ok = checks.All(check => check.State != FindingState.Missing), Checks = checks };
    }

    private static void Write(CliContext context, Diagnosis diagnosis)
    {
        var width = context.Interactive ? context.Console.Profile.Width : int.MaxValue;
        foreach (var check in diagnosis.Checks)
        {
            context.Output.WriteLine($"{Name(check.State)}: {check.Name}");
            foreach (var line in ((string?[])[check.Detail, check.Advice]).OfType<string>().SelectMany(text => WrappedText.Lines(text, width)))
                context.Output.WriteLine(line);
        }
        context.Output.WriteLine(diagnosis.Ok ? "All that is needed or configured works." : $"{Counted.Of(diagnosis.Checks.Count(check => check.State == FindingState.Missing), "part")} to mend.");
    }

    private static string Name(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Missing => "missing",
        _ => "not configured",
    };
}
