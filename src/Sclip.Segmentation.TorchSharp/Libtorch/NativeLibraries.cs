using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sclip.Segmentation.TorchSharp.Libtorch;

/// <summary>Finds and loads libtorch before TorchSharp looks for it: that looks beside the program alone, and what it says when it finds none is for developers.</summary>
internal static partial class NativeLibraries
{
    private const string Binding = "libLibTorchSharp.so";
    private const int Lazy = 1;
    private const int Now = 2;

    private static readonly Lock Gate = new();
    private static readonly string[] ProgramFolders =
        [AppContext.BaseDirectory, .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)];

    private static LibtorchFolder? _loaded;

    private static LibtorchSearch Search { get; } = new(Environment.GetEnvironmentVariable, ProgramFolders, "/");

    /// <summary>Whether the user says where libtorch lies; nothing else is taken in its place, then.</summary>
    public static bool IsTold => Search.IsTold;

    /// <summary>Looks for libtorch, without loading it.</summary>
    /// <param name="cuda">Whether the flavour with CUDA is needed.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="problem">What is missing and what to do.</param>
    public static bool TryFind(bool cuda, [NotNullWhen(true)] out LibtorchFolder? folder, [NotNullWhen(false)] out string? problem)
    {
        folder = null;
        problem = CppRuntime.Problem() is { } unfit ? IsTold ? $"{LibtorchSearch.Setting} is set, but {unfit}" : unfit : null;
        return problem is null && Search.TryFind(cuda, out folder, out problem);
    }

    /// <summary>Loads libtorch and what binds it.</summary>
    /// <param name="cuda">Whether the flavour with CUDA is needed.</param>
    /// <param name="problem">What is missing and what to do.</param>
    public static bool TryLoad(bool cuda, [NotNullWhen(false)] out string? problem)
    {
        lock (Gate)
        {
            // A second libtorch in the process would not find its own libraries, but those of the first.
            if (_loaded is { } loaded && (loaded.HasCuda || !cuda))
            {
                problem = null;
                return true;
            }
            if (_loaded is not null)
            {
                problem = $"{_loaded} is loaded, which has no CUDA.";
                return false;
            }
            if (!TryFind(cuda, out var folder, out problem))
                return false;
            problem = Open(folder, cuda);
            if (problem is null)
                _loaded = folder;
            return problem is null;
        }
    }

    /// <summary>Opens one after the other, each after what it needs: then the loader takes these, wherever else it would look.</summary>
    private static string? Open(LibtorchFolder folder, bool cuda)
    {
        // Its first call binds it, by the loader, which forgets the error that there was.
        _ = Error();
        string[] cudaLibraries = cuda ? ["libc10_cuda.so", LibtorchFolder.CudaKernels] : [];
        var libraries = Directory.EnumerateFiles(folder.Path, "libgomp*.so*")
            .Concat(new[] { "libc10.so", LibtorchFolder.Kernels }.Concat(cudaLibraries).Append("libtorch.so").Select(name => Path.Combine(folder.Path, name)));
        foreach (var library in libraries)
        {
            if (Open(library, Lazy) == 0)
                return $"{folder} cannot be loaded: {LastError()}.";
        }
        var binding = ProgramFolders.Select(place => Path.Combine(place, Binding)).FirstOrDefault(File.Exists);
        if (binding is null)
            return $"{Binding} is not beside the program; publish it again, and keep the folder runtimes.";
        // At once, not at the first call: what another version of libtorch lacks is an error here, and there the end of the process.
        return Open(binding, Now) == 0 ? $"{folder} does not go with TorchSharp, which needs {LibtorchFolder.NeededVersion}: {LastError()}." : null;
    }

    private static string LastError() => Marshal.PtrToStringUTF8(Error()) ?? "the loader does not say why";

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libdl.so.2", EntryPoint = "dlerror")]
    private static partial nint Error();
}
