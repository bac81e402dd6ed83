using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>Whether this machine has the instructions of bf16.</summary>
internal static class Bf16Support
{
    private const int Leaf = 7, Subleaf = 1, Bit = 1 << 5;

    /// <summary>What it lacks, for its user; null where it lacks nothing.</summary>
    public static string? Lack { get; } = FindLack();

    private static string? FindLack()
    {
        const string Needed = "bf16 on the CPU needs Linux on x86-64 and a processor with AVX512_BF16 (AMD's from Zen 4 on, Intel's Cooper Lake and Xeons from Sapphire Rapids on)";
        const string Advice = "leave the precision to auto.";
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return $"{Needed}; this is {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}: {Advice}";
        if (!HasInstructions())
            return $"{Needed}; this one lacks it: {Advice}";
        // By this the runtime has asked XCR0 too, whether the system saves the wide registers.
        return Avx512F.IsSupported ? null : $"{Needed}; this one has it, but AVX-512 is switched off, by the system or by DOTNET_EnableAVX512: {Advice}";
    }

    private static bool HasInstructions() =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= Leaf && X86Base.CpuId(Leaf, 0).Eax >= Subleaf && (X86Base.CpuId(Leaf, Subleaf).Eax & Bit) != 0;
}
