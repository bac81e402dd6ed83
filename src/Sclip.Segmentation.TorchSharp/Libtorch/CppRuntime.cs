using System.Globalization;
using System.Runtime.InteropServices;

namespace Sclip.Segmentation.TorchSharp.Libtorch;

/// <summary>The C++ library of this machine; the native part of TorchSharp needs that of GCC 13, and where it is older the loader's word of it is lost.</summary>
internal static class CppRuntime
{
    private const string Library = "libstdc++.so.6";

    // What came with GLIBCXX_3.4.32.
    private const string NewestNeeded = "_ZSt21ios_base_library_initv";

    /// <summary>Why TorchSharp cannot run here; null where it can.</summary>
    public static string? Problem()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return $"TorchSharp is used on Linux on x86-64 alone; this is {RuntimeInformation.RuntimeIdentifier}.";
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            return "TorchSharp needs glibc: Ubuntu 24.04, Debian 13, or a container of them; this system has musl.";
        if (NativeLibrary.TryLoad(Library, out var library) && NativeLibrary.TryGetExport(library, NewestNeeded, out _))
            return null;
        return TooOld(library == 0 ? "none" : Here() is { } version ? $"3.4.{version.ToString(CultureInfo.InvariantCulture)}" : "an older one");
    }

    internal static string TooOld(string here) => $"TorchSharp needs libstdc++ of GCC 13 or later (3.4.32): Ubuntu 24.04, Debian 13, or a container of them; here is {here}.";

    /// <summary>The file of the library among the lines of <c>/proc/self/maps</c>.</summary>
    internal static string? File(IEnumerable<string> maps) =>
        maps.Select(line => line.IndexOf('/', StringComparison.Ordinal) is > 0 and var path ? line[path..] : "").FirstOrDefault(path => Path.GetFileName(path).StartsWith(Library, StringComparison.Ordinal));

    /// <summary>The highest N of the versions <c>GLIBCXX_3.4.N</c> that a library has; null where it has none.</summary>
    internal static int? Newest(ReadOnlySpan<byte> library)
    {
        int? newest = null;
        for (var mark = "GLIBCXX_3.4."u8; library.IndexOf(mark) is >= 0 and var at;)
        {
            library = library[(at + mark.Length)..];
            var digits = library.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (int.TryParse(digits < 0 ? library : library[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && !(version <= newest))
                newest = version;
        }
        return newest;
    }

    private static int? Here()
    {
        try
        {
            return File(System.IO.File.ReadLines("/proc/self/maps")) is { } file ? Newest(System.IO.File.ReadAllBytes(file)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
