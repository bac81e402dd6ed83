namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>The micro-kernels of <c>vdpbf16ps</c>, assembled once, as the matrix product calls them: for tiles of 12 rows, and of 6 for the rest.</summary>
internal static unsafe class Bf16Tile
{
    private static readonly (ExecutableCode? Twelve, ExecutableCode? Six, string? Refusal) Code = Load();

    // A call takes a few microseconds: less than it is worth to let a garbage collection begin in between.
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, float*, float*, float*, nint, int, byte*, nint, void> Twelve = Entry(Code.Twelve), Six = Entry(Code.Six);

    /// <summary>Why the system lets no page be executable; null where it does. To be asked, as all here, only where there is no <see cref="Bf16Support.Lack"/>.</summary>
    public static string? Refusal => Code.Refusal;

    public static void Multiply12(nint steps, float* a, float* b, float* c, nint rowStride, bool accumulate, byte* next, nint nextStep) =>
        Twelve(steps, a, b, c, rowStride, accumulate ? 1 : 0, next, nextStep);

    public static void Multiply6(nint steps, float* a, float* b, float* c, nint rowStride, bool accumulate, byte* next, nint nextStep) =>
        Six(steps, a, b, c, rowStride, accumulate ? 1 : 0, next, nextStep);

    private static (ExecutableCode? Twelve, ExecutableCode? Six, string? Refusal) Load()
    {
        var twelve = ExecutableCode.TryCreate(Bf16Assembly.Kernel(12), out var refusal);
        var six = twelve is null ? null : ExecutableCode.TryCreate(Bf16Assembly.Kernel(6), out refusal);
        return (twelve, six, six is null ? refusal : null);
    }

    private static delegate* unmanaged[SuppressGCTransition]<nint, float*, float*, float*, nint, int, byte*, nint, void> Entry(ExecutableCode? code) =>
        code is null ? null : (delegate* unmanaged[SuppressGCTransition]<nint, float*, float*, float*, nint, int, byte*, nint, void>)code.Entry;
}
