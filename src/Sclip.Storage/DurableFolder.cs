using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sclip.Storage;

/// <summary>Names in folders that outlast a loss of power. Several writers need no queue for it: the file system's journal takes what waits together.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <summary>Creates a folder, and those above it that are missing.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
            Create(parent);
        Directory.CreateDirectory(folder);
        if (parent is not null)
            Sync(parent);
    }

    /// <summary>Waits until the names in a folder are on its disk. Windows has no such call; its file systems write names ahead.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // .NET opens no folders, but flushes one that is open.
        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
            throw new UnauthorizedAccessException($"{folder} cannot be opened to wait for its disk ({Marshal.GetLastPInvokeErrorMessage()}). Allow to read it, or set Store:Durable to false.");
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint Open(string path, int flags);
}
