using System.Diagnostics;
using Sclip.Testing;

namespace Sclip.Images.Tests;

/// <summary>Programs of the repository and of the system, run to their end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Runs a script of the folder tools.</summary>
    public static Task<ToolResult> ScriptAsync(string images, string name, params string[] arguments) => RunAsync(images, Path.Combine(Repository.Root, "tools", name), arguments);

    /// <summary>Runs buildah on the images, and returns what it prints; fails with its message where it fails.</summary>
    public static async Task<string> BuildahAsync(string images, params string[] arguments)
    {
        var result = await RunAsync(images, "bash", ["-c", "source \"$0\"/tools/images.sh; image_tool \"$@\"", Repository.Root, .. arguments]);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"buildah {string.Join(' ', arguments)}: {result.Error}");
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ToolResult> RunAsync(string images, string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["SCLIP_IMAGES"] = images;
        // Set for whoever runs the tests by dotnet test; a build in an image is none of its parts.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            info.Environment.Remove(name);
        using var process = Process.Start(info)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended after {Limit.TotalMinutes} minutes.");
        }
    }
}
