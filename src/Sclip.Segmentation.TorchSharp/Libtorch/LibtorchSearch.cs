using System.Diagnostics.CodeAnalysis;

namespace Sclip.Segmentation.TorchSharp.Libtorch;

/// <summary>Where libtorch may lie: in the folder that <c>SCLIP_LIBTORCH</c> names, and then nowhere else; beside the program; in a Python's PyTorch.</summary>
/// <param name="environment">Looks up an environment variable.</param>
/// <param name="program">The folders of the program's own libraries.</param>
/// <param name="root">Where the file system begins.</param>
internal sealed class LibtorchSearch(Func<string, string?> environment, IReadOnlyList<string> program, string root)
{
    public const string Setting = "SCLIP_LIBTORCH";

    /// <summary>Whether the user says where it lies.</summary>
    public bool IsTold => Told.Length > 0;

    private string Told => environment(Setting) ?? "";

    /// <summary>The first libtorch that fits.</summary>
    /// <param name="cuda">Whether it has to have CUDA.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="problem">Why there is none, and what to do.</param>
    public bool TryFind(bool cuda, [NotNullWhen(true)] out LibtorchFolder? folder, [NotNullWhen(false)] out string? problem)
    {
        if (IsTold)
            return TryTold(cuda, out folder, out problem);
        var found = program.Concat(Pythons()).Select(LibtorchFolder.Of).OfType<LibtorchFolder>().ToList();
        folder = found.FirstOrDefault(one => one.Fits && (one.HasCuda || !cuda));
        if (folder is not null)
        {
            problem = null;
            return true;
        }
        var what = cuda ? $"libtorch {LibtorchFolder.NeededVersion} with CUDA" : $"libtorch {LibtorchFolder.NeededVersion}";
        var seen = found.Count == 0 ? "" : $" ({string.Join("; ", found.Select(one => one.Fits ? $"{one} has no CUDA" : Misfit(one)).Distinct())})";
        var image = cuda ? " (image sclip/worker-cuda)" : "";
        problem = $"{what} is not found{seen}: install PyTorch {LibtorchFolder.NeededVersion}, name the folder of {LibtorchFolder.Kernels} in {Setting}, or build with -p:Libtorch={(cuda ? "cuda" : "cpu")}{image}.";
        return false;
    }

    private bool TryTold(bool cuda, out LibtorchFolder? folder, out string? problem)
    {
        folder = LibtorchFolder.Of(Told);
        problem = folder switch
        {
            null => $"{Setting} is {Told}, {(Directory.Exists(Told) ? $"where no {LibtorchFolder.Kernels} is" : "which is no folder")}; name the folder that holds {LibtorchFolder.Kernels}, of libtorch {LibtorchFolder.NeededVersion}.",
            { Fits: false } => $"{Setting}: {Misfit(folder)}; name a folder of that version.",
            { HasCuda: false } when cuda => $"{Setting}: {folder} has no CUDA (no {LibtorchFolder.CudaKernels}); name a folder that has.",
            _ => null,
        };
        return problem is null;
    }

    private static string Misfit(LibtorchFolder folder) => $"{folder}, needs {LibtorchFolder.NeededVersion}";

    /// <summary>PyTorch's folders, the active environments' first; of each the newest Python's first.</summary>
    private IEnumerable<string> Pythons()
    {
        string[] prefixes =
        [
            environment("VIRTUAL_ENV") ?? "", environment("CONDA_PREFIX") ?? "", environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local") : "",
            Path.Combine(root, "usr/local"), Path.Combine(root, "usr"), Path.Combine(root, "opt/conda"),
        ];
        return from prefix in prefixes
               where prefix.Length > 0
               let libraries = Path.Combine(prefix, "lib")
               where Directory.Exists(libraries)
               from python in Directory.EnumerateDirectories(libraries, "python3*").OrderByDescending(Minor)
               from packages in new[] { "site-packages", "dist-packages" }
               select Path.Combine(python, packages, "torch");
    }

    /// <summary>12 of python3.12; Debian's own python3 comes last.</summary>
    private static int Minor(string python) => int.TryParse(Path.GetFileName(python).AsSpan("python3".Length).TrimStart('.'), out var minor) ? minor : -1;
}
