using System.Globalization;
using System.Runtime.InteropServices;
using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Tests.Kernels.Bf16;

public unsafe class ExecutableCodeTests
{
    /// <summary>mov eax, edi; add eax, 1; ret.</summary>
    private static readonly byte[] PlusOne = [0x89, 0xF8, 0x83, 0xC0, 0x01, 0xC3];

    [Fact]
    public void Code_can_be_called_and_is_not_writable_and_its_pages_end_with_it()
    {
        SkipElsewhere();
        nint entry;
        using (var code = ExecutableCode.TryCreate(PlusOne, out _)!)
        {
            entry = (nint)code.Entry;
            Assert.Equal(42, ((delegate* unmanaged<int, int>)code.Entry)(41));
            Assert.Equal("r-xp", PermissionsAt(entry));
        }
        Assert.NotEqual("r-xp", PermissionsAt(entry));
    }

    [Fact]
    public void A_system_that_refuses_pages_that_are_writable_and_executable_at_once_is_asked_for_none()
    {
        SkipElsewhere();
        Assert.Equal("", RefusalWhere(SystemCallFilter.Write | SystemCallFilter.Execute));
    }

    [Fact]
    public void A_system_that_lets_no_page_become_executable_is_told_of_with_its_reason()
    {
        SkipElsewhere();
        Assert.Equal("mprotect: Permission denied", RefusalWhere(SystemCallFilter.Execute));
    }

    /// <summary>What becomes of code on a thread whose system refuses pages with these permissions.</summary>
    private static string RefusalWhere(int permissions)
    {
        // Both ways once before, since the compiler needs such pages too: of no code, no pages can be mapped.
        Assert.Equal("", Create(PlusOne));
        Assert.StartsWith("mmap: ", Create([]));
        var (refusal, installed) = ("", false);
        var thread = new Thread(() =>
        {
            installed = SystemCallFilter.TryRefuse(permissions);
            refusal = installed ? Create(PlusOne) : "";
        });
        thread.Start();
        thread.Join();
        Assert.SkipUnless(installed, "The system lets no thread filter its calls.");
        return refusal;

        static string Create(byte[] instructions)
        {
            using var code = ExecutableCode.TryCreate(instructions, out var refusal);
            return refusal;
        }
    }

    private static void SkipElsewhere() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "For Linux on x86-64.");

    /// <summary>As /proc has them: r-xp, rw-p; null where nothing is mapped.</summary>
    private static string? PermissionsAt(nint address) => File.ReadLines("/proc/self/maps")
        .Select(line => line.Split(' ', '-'))
        .Where(parts => nint.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= address && address < nint.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        .Select(parts => string.Join('-', parts[2..])[..4]).SingleOrDefault();
}
