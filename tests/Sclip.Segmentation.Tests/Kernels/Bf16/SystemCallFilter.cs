using System.Runtime.InteropServices;

namespace Sclip.Segmentation.Tests.Kernels.Bf16;

/// <summary>A filter of one thread's system calls, as hardened systems have them: pages with some permissions are refused.</summary>
internal static unsafe partial class SystemCallFilter
{
    public const int Write = 2, Execute = 4;
    private const int NoNewPrivileges = 38, SetFilter = 22, FilterMode = 2;
    private const uint NumberOfCall = 0, ThirdArgument = 32, MapCall = 9, ProtectCall = 10, Allow = 0x7FFF_0000, FailWithAccess = 0x0005_0000 | 13;

    /// <summary>Has mmap and mprotect fail on this thread, from now on, where all of these permissions are asked for; false where there is no such filter.</summary>
    public static bool TryRefuse(int permissions)
    {
        const ushort Load = 0x20, JumpIfEqual = 0x15, And = 0x54, Return = 0x06;
        Span<Instruction> program =
        [
            new(Load, 0, 0, NumberOfCall),
            new(JumpIfEqual, 1, 0, MapCall),
            new(JumpIfEqual, 0, 4, ProtectCall),
            new(Load, 0, 0, ThirdArgument),
            new(And, 0, 0, (uint)permissions),
            new(JumpIfEqual, 0, 1, (uint)permissions),
            new(Return, 0, 0, FailWithAccess),
            new(Return, 0, 0, Allow),
        ];
        fixed (Instruction* first = program)
        {
            var filter = new Program((ushort)program.Length, first);
            return Control(NoNewPrivileges, 1, null, 0, 0) == 0 && Control(SetFilter, FilterMode, &filter, 0, 0) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint value, void* pointer, nint third, nint fourth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        public readonly ushort Code = code;
        public readonly byte IfTrue = ifTrue, IfFalse = ifFalse;
        public readonly uint Operand = operand;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Program(ushort length, Instruction* first)
    {
        public readonly ushort Length = length;
        public readonly Instruction* First = first;
    }
}
