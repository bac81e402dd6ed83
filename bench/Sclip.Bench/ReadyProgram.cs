using System.Diagnostics;

namespace Sclip.Bench;

/// <summary>The program as ./sclip builds it, compiled ahead, run as a process of its own.</summary>
internal static class ReadyProgram
{
    /// <summary>Its path, from the repository's root.</summary>
    public static string Path { get; } = System.IO.Path.Combine("src", "Sclip.Cli", "bin", "Ready", "sclip.dll");

    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static void Require()
    {
        if (!File.Exists(Path))
            throw new FileNotFoundException($"{Path} is not there: ./sclip --version builds it");
    }

    /// <summary>Runs a .NET program to its end: the seconds from the start of its process, and what it said.</summary>
    /// <param name="command">Its path and arguments.</param>
    /// <param name="cache">Where label embeddings are kept.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<(double Seconds, string Output)> TimeAsync(string[] command, string cache)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["SCLIP_CACHE"] = cache } })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0 ? (wall, await output) : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await error}");
    }
}
