using System.Runtime.InteropServices;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>What libtorch's errors mean; it tells them apart by their texts alone.</summary>
internal static class TorchFault
{
    private static readonly string[] OutOfMemory = ["out of memory", "can't allocate memory", "not enough memory", "CUBLAS_STATUS_ALLOC_FAILED"];
    private static readonly string[] Lost = ["CUDA error", "CUDA driver error", "CUBLAS_STATUS", "cuDNN error", "CUDNN_STATUS", "NVML", "device-side assert"];

    public static bool IsOutOfMemory(Exception error) => error is ExternalException && Mentions(error, OutOfMemory);

    /// <summary>Whether the device has failed; after such an error every call fails, until the process ends.</summary>
    public static bool IsLost(Exception error) => error is ExternalException && !IsOutOfMemory(error) && Mentions(error, Lost);

    /// <summary>An error without the native stack behind it.</summary>
    public static string FirstLine(Exception error) => error.Message.Split('\n', 2)[0].Trim();

    private static bool Mentions(Exception error, string[] texts) => texts.Any(text => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase));
}
