using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation;

/// <summary>What the managed engine computes in on this machine: fp32, or bf16 where that is asked for.</summary>
/// <param name="Precision">The number format.</param>
/// <param name="Warning">What its user should know, as a sentence: that it is not the one asked for, or slower than another; null where there is nothing.</param>
public sealed record ManagedPrecision(EnginePrecision Precision, string? Warning = null)
{
    /// <summary>Takes what is asked for.</summary>
    /// <param name="asked">The number format; null is fp32.</param>
    /// <exception cref="DeviceException">This machine does not compute in it.</exception>
    public static ManagedPrecision Of(EnginePrecision? asked) => Of(asked, Bf16Support.Lack, () => Bf16Tile.Refusal);

    /// <param name="asked">The number format.</param>
    /// <param name="lack">What the machine lacks for bf16.</param>
    /// <param name="refusal">Why its system lets no page be executable, asked only where it lacks nothing.</param>
    internal static ManagedPrecision Of(EnginePrecision? asked, string? lack, Func<string?> refusal) => asked switch
    {
        null or EnginePrecision.Float32 => new(EnginePrecision.Float32),
        not EnginePrecision.BFloat16 => throw new DeviceException("the CPU computes in fp32 and bf16 alone: leave the precision to auto."),
        _ when lack is not null => throw new DeviceException(lack),
        _ when refusal() is { } reason => new(EnginePrecision.Float32, $"bf16 needs pages of code that are made at run time, and this system refuses them ({reason}): fp32 is computed in instead."),
        _ => new(EnginePrecision.BFloat16),
    };
}
