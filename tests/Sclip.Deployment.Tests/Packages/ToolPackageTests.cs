using System.Runtime.InteropServices;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Packages;

/// <summary>The package of the command, installed as a tool from a folder and run away from the repository.</summary>
public sealed class ToolPackageTests : IDisposable
{
    // The demo says 0.956 of sclip; another processor rounds otherwise.
    private const double LeastAccuracy = 0.9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_installed_as_a_tool_and_labels_the_demo_wherever_pictures_are_decoded_and_however_wide_vectors_are()
    {
        await RunAsync("dotnet", "pack", Path.Combine(Repository.Root, "src", "Sclip.Cli"), "-c", "Release", "--no-build", "-o", _folder["packages"], "--nologo");
        await RunAsync("dotnet", "tool", "install", "sclip", "--tool-path", _folder["tools"], "--source", _folder["packages"]);
        var sclip = _folder["tools/sclip"];
        Assert.Matches(@"^\d+\.\d+\.\d+", await RunAsync(sclip, "--version"));
        Assert.Contains("sclip (", await RunAsync(sclip, "demo", "--out", _folder["native"]), StringComparison.Ordinal);
        // As on a Mac with an arm64 processor: no libraries of the system, vectors of 128 bits.
        await RunAsync("env", "SCLIP_CODECS=portable", "DOTNET_EnableAVX=0", sclip, "demo", "--out", _folder["portable"]);
        double right = 0, same = 0, all = 0;
        foreach (var truth in Directory.GetFiles(Path.Combine(Repository.Root, "models", "demo", "ground-truth")))
        {
            var (expected, native, portable) = (Read(truth), Read(Mask("native", truth)), Read(Mask("portable", truth)));
            all += expected.Length;
            right += expected.Zip(native, (one, other) => one == other).Count(agree => agree);
            same += native.Zip(portable, (one, other) => one == other).Count(agree => agree);
        }
        Assert.True(right > LeastAccuracy * all, $"{right / all:p1} of the pixels are right.");
        Assert.True(same > 0.999 * all, $"{same / all:p2} of the pixels are labelled alike.");
    }

    private string Mask(string run, string truth) => _folder[$"{run}/masks/{Path.GetFileName(truth)}.png"];

    private static ushort[] Read(string path) => MaskDecoder.Read(File.ReadAllBytes(path), ImageLimits.Default).Labels;

    /// <summary>Runs a program away from the repository, with this .NET, a cache of its own, and without anything of the repository in its environment.</summary>
    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var (code, output, error) = await Command.RunAsync("env", ["-u", "SCLIP_HOME", $"SCLIP_CACHE={_folder["cache"]}", $"DOTNET_ROOT={root}", "DOTNET_CLI_TELEMETRY_OPTOUT=1", program, .. arguments], folder: _folder.Path);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}\n{output}{error}");
        return output;
    }
}
