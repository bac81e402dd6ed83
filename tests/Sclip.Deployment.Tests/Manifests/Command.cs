using System.ComponentModel;
using System.Diagnostics;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>Runs tools to their end.</summary>
internal static class Command
{
    // What takes the longest builds a package, half a minute on a machine that does nothing else.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    /// <exception cref="TimeoutException">It does not end; it is killed.</exception>
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
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} had not ended after {Limit.TotalMinutes} minutes.");
        }
        return (process.ExitCode, await output, await complaints);
    }
}
