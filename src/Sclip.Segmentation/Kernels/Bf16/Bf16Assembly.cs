using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>
/// The micro-kernel of <c>vdpbf16ps</c>, for which the compiler has no intrinsic: C[rows, 32] (+)= A[rows, 2 steps] B[2 steps, 32] over pairs of
/// bf16, A packed column by column and B row by row, pair by pair. Two accumulators a row, one row of B and four broadcast pairs of A: 12 rows
/// fill 30 of the 32 vector registers.
/// </summary>
internal static class Bf16Assembly
{
    public const int Columns = 32;
    private const int VectorBytes = 64, StepBytes = 4, FirstBroadcast = 2, Broadcasts = 4, FirstSum = FirstBroadcast + Broadcasts;

    /// <summary>
    /// Code of <c>void (nint steps, float* a, float* b, float* c, nint rowStride, int accumulate, byte* next, nint nextStep)</c> by System V's
    /// convention for x86-64. It touches registers of the caller's alone.
    /// </summary>
    public static byte[] Kernel(int rows)
    {
        var (steps, a, b, c, rowStride, accumulate, row, next, nextStep) = (rdi, rsi, rdx, rcx, r8, r9d, r11, rax, r10);
        var code = new Assembler(64);
        var (zero, begin, loop, store) = (code.CreateLabel(), code.CreateLabel(), code.CreateLabel(), code.CreateLabel());
        code.mov(next, __qword_ptr[rsp + 8]);
        code.mov(nextStep, __qword_ptr[rsp + 16]);
        code.shl(rowStride, 2);
        code.test(accumulate, accumulate);
        code.je(zero);
        code.mov(row, c);
        for (var i = 0; i < rows; i++)
        {
            code.vmovups(Vector(Sum(i)), __zmmword_ptr[row]);
            code.vmovups(Vector(Sum(i) + 1), __zmmword_ptr[row + VectorBytes]);
            code.add(row, rowStride);
        }
        code.jmp(begin);
        code.Label(ref zero);
        for (var i = 0; i < 2 * rows; i++)
            code.vpxord(Vector(Sum(0) + i), Vector(Sum(0) + i), Vector(Sum(0) + i));
        code.Label(ref begin);
        code.test(steps, steps);
        code.jle(store);
        code.Label(ref loop);
        code.prefetcht1(__byte_ptr[next]);
        code.add(next, nextStep);
        code.vmovups(zmm0, __zmmword_ptr[b]);
        code.vmovups(zmm1, __zmmword_ptr[b + VectorBytes]);
        for (var i = 0; i < rows; i++)
        {
            var pair = Vector(FirstBroadcast + i % Broadcasts);
            code.vpbroadcastd(pair, __dword_ptr[a + i * StepBytes]);
            code.vdpbf16ps(Vector(Sum(i)), zmm0, pair);
            code.vdpbf16ps(Vector(Sum(i) + 1), zmm1, pair);
        }
        code.add(b, Columns * StepBytes);
        code.add(a, rows * StepBytes);
        code.dec(steps);
        code.jne(loop);
        code.Label(ref store);
        for (var i = 0; i < rows; i++)
        {
            code.vmovups(__zmmword_ptr[c], Vector(Sum(i)));
            code.vmovups(__zmmword_ptr[c + VectorBytes], Vector(Sum(i) + 1));
            code.add(c, rowStride);
        }
        // What follows may be code of SSE, which stalls on processors whose upper halves are in use.
        code.vzeroupper();
        code.ret();
        using var bytes = new MemoryStream();
        code.Assemble(new StreamCodeWriter(bytes), rip: 0);
        return bytes.ToArray();
    }

    private static int Sum(int row) => FirstSum + 2 * row;

    private static AssemblerRegisterZMM Vector(int index) => new(Register.ZMM0 + index);
}
