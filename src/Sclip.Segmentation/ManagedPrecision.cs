using System.Globalization;
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
    public static ManagedPrecision Of(EnginePrecision? asked) => Of(asked, Bf16Support.Lack, () => Bf16Tile.Refusal, () => Bf16Speed.Gain);

    /// <param name="asked">The number format.</param>
    /// <param name="lack">What the machine lacks for bf16.</param>
    /// <param name="refusal">Why its system lets no page be executable, asked only where it lacks nothing.</param>
    /// <param name="gain">How many times as fast as fp32 bf16 is, asked only where it is computed in.</param>
    internal static ManagedPrecision Of(EnginePrecision? asked, string? lack, Func<string?> refusal, Func<double> gain) => asked switch
    {
        null or EnginePrecision.Float32 => new(EnginePrecision.Float32),
        not EnginePrecision.BFloat16 => throw new DeviceException("the CPU computes in fp32 and bf16 alone: leave the precision to auto."),
        _ when lack is not null => throw new DeviceException(lack),
        _ when refusal() is { } reason => new(EnginePrecision.Float32, $"bf16 needs pages of code that are made at run time, and this system refuses them ({reason}): fp32 is computed in instead."),
        _ => new(EnginePrecision.BFloat16, gain() is < 1 and var rate
            ? string.Create(CultureInfo.InvariantCulture, $"this processor multiplies in bf16 at {rate:0.0} times the rate of fp32: it halves the memory of the weights, and labels more slowly.")
            : null),
    };
}
