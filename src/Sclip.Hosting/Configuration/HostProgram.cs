using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Sclip.Hosting.Configuration;

/// <summary>Runs a host, and turns what it cannot start with into one line and an exit code.</summary>
public static class HostProgram
{
    /// <summary>Runs a host to its end.</summary>
    /// <param name="name">What the program is called in messages.</param>
    /// <param name="build">Builds the host.</param>
    /// <returns>0 after an orderly end, 1 where it could not start, or has failed since.</returns>
    public static async Task<int> RunAsync(string name, Func<WebApplication> build)
    {
        WebApplication app;
        try
        {
            app = build();
            ListenAddresses.Check(app.Configuration);
            ListenAddresses.Try(app.Configuration);
        }
        // The telemetry's own variables are checked by its library.
        catch (Exception error) when (error is ConfigurationException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{name}: {error.Message}");
            return 1;
        }
        try
        {
            var exit = app.Services.GetRequiredService<HostExit>();
            await using (app)
                await app.RunAsync();
            return exit.Code;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"{name}: {error.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{name}: not everything ended within the time to stop; what was in work is delivered again.");
            return 1;
        }
    }
}
