using System.Runtime.InteropServices;

namespace Sclip.Testing;

/// <summary>Runs something on a thread that files and folders are closed to as to any user, also where the tests are run by root.</summary>
public static partial class Unprivileged
{
    private const uint Nobody = 65534;

    /// <summary>Runs it; what it does before it first waits is done without privileges.</summary>
    public static T Run<T>(Func<Task<T>> run)
    {
        Task<T>? running = null;
        var thread = new Thread(() =>
        {
            if (Environment.IsPrivilegedProcess)
                _ = SetFileSystemUser(Nobody);
            running = run();
        });
        thread.Start();
        thread.Join();
        return running!.GetAwaiter().GetResult();
    }

    // Of the calling thread alone; it takes root's right to read everything with it.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
