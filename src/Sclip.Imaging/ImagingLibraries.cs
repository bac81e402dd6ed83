using System.Runtime.InteropServices;
using Sclip.Imaging.Codecs.Native;
using Sclip.Imaging.Codecs.Portable;

namespace Sclip.Imaging;

/// <summary>The native libraries that pictures are read and written by.</summary>
public static class ImagingLibraries
{
    /// <summary>Whether managed code reads and writes JPEG, PNG and WebP instead: outside Linux, and where it is asked for.</summary>
    /// <exception cref="ImagingLibraryException">The choice names no codecs that there are.</exception>
    public static bool ArePassedOver => PortableCodecs.AreUsed;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ImagingLibrary> All { get; } =
    [
        .. NativeLibraries.Needed.Select(item => new ImagingLibrary(item.Library, item.Name, item.Use, item.Loss, item.Packages, IsNeeded: true)),
        new(NativeLibraries.Heif, "libheif", "HEIC and AVIF are read", "HEIC and AVIF are refused, and all else works", "libheif1 (where they do not come with it, libheif-plugin-libde265 and libheif-plugin-dav1d, too)", IsNeeded: false),
    ];
}

/// <summary>A native library.</summary>
/// <param name="File">The file that is loaded.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Use">What it does, as a sentence without its stop.</param>
/// <param name="Loss">What cannot be done without it, likewise.</param>
/// <param name="Packages">The packages that bring it, on Debian.</param>
/// <param name="IsNeeded">Whether it must be there.</param>
public sealed record ImagingLibrary(string File, string Name, string Use, string Loss, string Packages, bool IsNeeded)
{
    /// <summary>Whether it can be loaded.</summary>
    public bool IsInstalled()
    {
        if (!NativeLibrary.TryLoad(File, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
