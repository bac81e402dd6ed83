using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sclip.Segmentation.Kernels;

/// <summary>Asks for memory before it is needed. Any address will do: what is not there is not fetched.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Brings a cache line to the second level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToSecondLevel(byte* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
