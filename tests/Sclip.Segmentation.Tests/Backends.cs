using Sclip.Segmentation.TorchSharp;

namespace Sclip.Segmentation.Tests;

/// <summary>The engines that are tested: the managed one, or, where <c>SCLIP_TEST_LIBTORCH</c> is set, those of libtorch, which then has to be there. All of them have to pass the same tests.</summary>
internal static class Backends
{
    public const string Managed = "managed";

    /// <summary>Whether the backend on libtorch is tested.</summary>
    public static bool IsLibtorch { get; } = Environment.GetEnvironmentVariable("SCLIP_TEST_LIBTORCH") is { Length: > 0 };

    public static IReadOnlyList<string> Names { get; } = IsLibtorch ? OfLibtorch() : [Managed];

    /// <summary>An engine that computes in 32 bits.</summary>
    public static ISegmenter Create(string backend, ClipModel model) =>
        backend == Managed ? new ManagedSegmenter(model) : new TorchSegmenter(model, Device(backend), new TorchOptions { Precision = EnginePrecision.Float32, Batch = 4 });

    public static TorchDevice Device(string backend) => backend == "torch-cpu" ? TorchDevice.Cpu() : TorchDevice.Cuda(0);

    // Opened before a test names a type of TorchSharp, which would look for libtorch by itself.
    private static string[] OfLibtorch() => TorchDevice.CountCuda(out _) > 0 ? [TorchDevice.Cpu().Name, TorchDevice.Cuda(0).Name] : [TorchDevice.Cpu().Name];
}
