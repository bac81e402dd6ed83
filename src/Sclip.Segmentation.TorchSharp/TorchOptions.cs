namespace Sclip.Segmentation.TorchSharp;

/// <summary>How a device computes.</summary>
public sealed record TorchOptions
{
    /// <summary>The precision; null takes bf16 on CUDA devices that compute in it, fp16 on older ones, and fp32 on CPUs.</summary>
    public EnginePrecision? Precision { get; init; }

    /// <summary>Most windows of a forward pass; null lets the device's free memory decide.</summary>
    public int? Batch { get; init; }
}
