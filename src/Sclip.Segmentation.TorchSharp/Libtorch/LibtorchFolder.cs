using System.Text.RegularExpressions;

namespace Sclip.Segmentation.TorchSharp.Libtorch;

/// <summary>A folder that holds libtorch's libraries.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Version">What version they are of; null where nothing tells, as beside a program.</param>
internal sealed partial record LibtorchFolder(string Path, string? Version)
{
    public const string Kernels = "libtorch_cpu.so";
    public const string CudaKernels = "libtorch_cuda.so";

    /// <summary>The version that TorchSharp is built on. Those of others lack functions that it calls, and the process ends where it does.</summary>
    public const string NeededVersion = "2.10";

    public bool HasCuda => File.Exists(System.IO.Path.Combine(Path, CudaKernels));

    /// <summary>Whether it may be loaded, as far as its version is known.</summary>
    public bool Fits => Version is null || Version == NeededVersion || Version.StartsWith($"{NeededVersion}.", StringComparison.Ordinal);

    /// <summary>The libtorch of a folder: in it, or in its <c>lib</c>, as PyTorch and the archives of libtorch have it; null where there is none.</summary>
    public static LibtorchFolder? Of(string folder)
    {
        var holding = new[] { folder, System.IO.Path.Combine(folder, "lib") }.FirstOrDefault(place => File.Exists(System.IO.Path.Combine(place, Kernels)));
        return holding is null ? null : new(holding, VersionOf(System.IO.Path.GetFullPath(holding)));
    }

    public override string ToString() => $"libtorch {Version ?? "of unknown version"} in {Path}";

    private static string? VersionOf(string folder)
    {
        var above = System.IO.Path.GetDirectoryName(folder) ?? folder;
        // An archive of libtorch; PyTorch.
        if (FirstLine(System.IO.Path.Combine(above, "build-version")) is { Length: > 0 } built)
            return Public(built);
        if (Read(System.IO.Path.Combine(above, "version.py")) is { } python && PythonVersion().Match(python) is { Success: true } assigned)
            return Public(assigned.Groups[1].Value);
        // A package of NuGet has its version in its path, a library of Debian in the file's name.
        if (PackagePath().Match(folder) is { Success: true } package)
            return package.Groups[1].Value;
        var file = File.ResolveLinkTarget(System.IO.Path.Combine(folder, Kernels), returnFinalTarget: true)?.Name;
        return file is not null && FileVersion().Match(file) is { Success: true } linked ? linked.Groups[1].Value : null;
    }

    /// <summary>A version without what follows <c>+</c>, where the flavour stands.</summary>
    private static string Public(string version) => version.Split('+', 2)[0].Trim();

    private static string? FirstLine(string file) => Read(file)?.Split('\n', 2)[0];

    private static string? Read(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("""^__version__\s*(?::\s*str\s*)?=\s*["']([^"']+)["']""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"/libtorch-[^/]+/(\d+\.\d+[^/]*)/runtimes/")]
    private static partial Regex PackagePath();

    [GeneratedRegex(@"\.so\.(\d+\.\d+[.\d]*)$")]
    private static partial Regex FileVersion();
}
