#if TORCHSHARP
using Sclip.Segmentation.TorchSharp;
#endif

namespace Sclip.Segmentation.Tests;

/// <summary>The engines of this build that run on this machine; all of them have to pass the same tests.</summary>
internal static class Backends
{
    public const string Managed = "managed";

    public static IReadOnlyList<string> Names { get; } = Find();

#if TORCHSHARP
    /// <summary>An engine that computes in 32 bits.</summary>
    public static ISegmenter Create(string backend, ClipModel model) =>
        backend == Managed ? new ManagedSegmenter(model) : new TorchSegmenter(model, Device(backend), new TorchOptions { Precision = EnginePrecision.Float32, Batch = 4 });

    public static TorchDevice Device(string backend) => backend == "torch-cpu" ? TorchDevice.Cpu() : TorchDevice.Cuda(0);

    private static string[] Find() => TorchDevice.CountCuda(out _) > 0 ? [Managed, "torch-cpu", "cuda:0"] : [Managed, "torch-cpu"];
#else
    /// <summary>An engine that computes in 32 bits.</summary>
    public static ISegmenter Create(string backend, ClipModel model) => backend == Managed ? new ManagedSegmenter(model) : throw new ArgumentOutOfRangeException(nameof(backend));

    private static string[] Find() => [Managed];
#endif
}
