using System.Runtime.InteropServices;

namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>
/// Machine code in pages of its own. They are written first and made executable then, and never both at once: hardened systems refuse that,
/// and nothing that writes amiss may become code.
/// </summary>
internal sealed unsafe partial class ExecutableCode : IDisposable
{
    private const int Read = 1, Write = 2, Execute = 4, Private = 2, Anonymous = 0x20;
    private static readonly nint Failed = -1;
    private readonly nuint _length;
    private void* _pages;

    private ExecutableCode(void* pages, nuint length)
    {
        _pages = pages;
        _length = length;
    }

    ~ExecutableCode() => Free();

    /// <summary>Where it begins.</summary>
    public void* Entry => _pages is null ? throw new ObjectDisposedException(nameof(ExecutableCode)) : _pages;

    /// <summary>Makes code executable; null where the system refuses it, for the reason that it gives.</summary>
    public static ExecutableCode? TryCreate(ReadOnlySpan<byte> code, out string refusal)
    {
        var length = (nuint)code.Length;
        var pages = Map(null, length, Read | Write, Private | Anonymous, -1, 0);
        if ((nint)pages == Failed)
        {
            refusal = $"mmap: {Marshal.GetLastPInvokeErrorMessage()}";
            return null;
        }
        code.CopyTo(new Span<byte>(pages, code.Length));
        if (Protect(pages, length, Read | Execute) != 0)
        {
            refusal = $"mprotect: {Marshal.GetLastPInvokeErrorMessage()}";
            _ = Unmap(pages, length);
            return null;
        }
        refusal = "";
        return new ExecutableCode(pages, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pages is null)
            return;
        _ = Unmap(_pages, _length);
        _pages = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
