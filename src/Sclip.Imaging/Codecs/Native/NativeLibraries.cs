namespace Sclip.Imaging.Codecs.Native;

/// <summary>The image libraries, and what to do where one is missing.</summary>
internal static class NativeLibraries
{
    public const string TurboJpeg = "libturbojpeg.so.0";
    public const string Spng = "libspng.so.0";
    public const string WebP = "libwebp.so.7";
    public const string Heif = "libheif.so.1";

    /// <summary>The libraries that must be there.</summary>
    public static readonly (string Library, string Name, string Use, string Loss, string Packages)[] Needed =
    [
        (TurboJpeg, "libturbojpeg", "JPEG is read, and overlays are written", "JPEG cannot be read nor overlays be written", "libturbojpeg0 (on Ubuntu libturbojpeg)"),
        (Spng, "libspng", "PNG is read, and masks are written", "PNG cannot be read nor masks be written", "libspng0"),
        (WebP, "libwebp", "WebP is read", "WebP cannot be read", "libwebp7"),
    ];

    /// <summary>Runs code that calls into a library.</summary>
    /// <exception cref="ImagingLibraryException">It is not installed.</exception>
    public static TResult Call<T, TResult>(string library, ReadOnlySpan<T> input, Func<ReadOnlySpan<T>, TResult> code)
    {
        try
        {
            return code(input);
        }
        catch (DllNotFoundException error)
        {
            var (_, name, _, loss, packages) = Needed.Single(item => item.Library == library);
            throw new ImagingLibraryException($"{name} is not installed, without which {loss}; install it with: apt-get install -y {packages}", error);
        }
    }

    /// <summary>Runs code that calls into libheif, which few pictures need: without it, they alone are refused.</summary>
    /// <exception cref="ImageDecodeException">It is not installed.</exception>
    public static DecodedPixels CallHeif(ReadOnlySpan<byte> file, Func<ReadOnlySpan<byte>, DecodedPixels> code)
    {
        try
        {
            return code(file);
        }
        catch (DllNotFoundException)
        {
            throw Refusal.NoHeifLibrary(FileKinds.NameOfHeif(file));
        }
    }
}
