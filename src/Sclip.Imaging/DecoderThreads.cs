using System.Runtime.InteropServices;

namespace Sclip.Imaging;

/// <summary>The threads that decode, and how a process ends whose threads have not all come back.</summary>
public static partial class DecoderThreads
{
    private static int _running;

    /// <summary>The last that a program does: its exit code, or, where a decoder is still at work, the end of the process at once.</summary>
    /// <remarks>An ordinary end runs what libraries have to run at their end, which may wait for ever for a lock that a thread of theirs holds.</remarks>
    public static int EndWith(int exitCode)
    {
        // Windows has no such call, and its decoders are managed code, which holds up no end.
        if (Volatile.Read(ref _running) > 0 && !OperatingSystem.IsWindows())
            Exit(exitCode);
        return exitCode;
    }

    internal static T Run<T>(Func<T> work)
    {
        Interlocked.Increment(ref _running);
        try
        {
            return work();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
