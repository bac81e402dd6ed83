using System.ComponentModel;
using System.Diagnostics;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>Runs tools to their end.</summary>
internal static class Command
{
    /// <summary>Runs a program.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, string input = "", string? folder = null)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        Process process;
        try
        {
            process = Process.Start(info)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{program} is not installed: run ./test.sh, which installs what the tests need.", error);
        }
        using var _process = process;
        var output = process.StandardOutput.ReadToEndAsync();
        var complaints = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await complaints);
    }
}
