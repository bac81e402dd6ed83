namespace Sclip.Imaging.Codecs.Native;

/// <summary>The image libraries, and what to do where one is missing.</summary>
internal static class NativeLibraries
{
    public const string TurboJpeg = "libturbojpeg.so.0";
    public const string Spng = "libspng.so.0";
    public const string WebP = "libwebp.so.7";

    /// <summary>Runs code that calls into the libraries.</summary>
    public static TResult Call<T, TResult>(ReadOnlySpan<T> input, Func<ReadOnlySpan<T>, TResult> code)
    {
        try
        {
            return code(input);
        }
        catch (DllNotFoundException error)
        {
            throw new ImagingLibraryException(
                "A native image library is missing (libturbojpeg, libspng or libwebp). Install them with: apt-get install -y libturbojpeg0 libspng0 libwebp7", error);
        }
    }
}
