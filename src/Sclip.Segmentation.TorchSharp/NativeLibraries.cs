using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using global::TorchSharp;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>Finds libtorch before TorchSharp looks for it, since what that prints when it finds none is for developers.</summary>
internal static class NativeLibraries
{
    /// <summary>Looks for libtorch and what binds it.</summary>
    /// <param name="cuda">Whether the flavour with CUDA is needed.</param>
    /// <param name="problem">What is missing and what to do.</param>
    public static bool TryLoad(bool cuda, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (cuda && !TryLoad("torch_cuda"))
            problem = "libtorch_cuda cannot be loaded: it is not beside the program, or one of the libraries it needs is missing; build with -p:TorchSharp=true and keep the folder runtimes.";
        else if (!TryLoad("torch_cpu") || !TryLoad("LibTorchSharp"))
            problem = "libtorch cannot be loaded: it is not beside the program, or one of the libraries it needs is missing; build with -p:TorchSharp=true or -p:TorchSharp=cpu and keep the folder runtimes.";
        return problem is null;
    }

    private static bool TryLoad(string name) => NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out _);
}
