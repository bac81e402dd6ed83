using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>JPEG by libturbojpeg: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.</summary>
internal static unsafe class JpegDecoder
{
    private static readonly string[] Harmless = ["extraneous bytes before marker", "Invalid SOS parameters for sequential JPEG", "unknown JFIF revision number"];

    // What the wrapper says of a header whose chroma sampling has no name in its list; it decodes such files all the same.
    private const string UnnamedSubsampling = "Could not determine subsampling type";

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, JpegMetadata metadata, ImageLimits limits)
    {
        var handle = TurboJpeg.InitDecompress();
        try
        {
            fixed (byte* jpeg = file)
            {
                var size = new CULong((nuint)file.Length);
                if (TurboJpeg.DecompressHeader(handle, jpeg, size, out var width, out var height, out _, out var colorSpace) != 0)
                    RefuseHeader(handle);
                limits.Check(width, height);
                var pixels = colorSpace is TurboJpeg.ColorSpaceCmyk or TurboJpeg.ColorSpaceYcck
                    ? FromCmyk(Decompress(handle, jpeg, size, width, height, 4, TurboJpeg.PixelFormatCmyk, metadata.HasEnd), metadata.IsAdobe)
                    : Decompress(handle, jpeg, size, width, height, 3, TurboJpeg.PixelFormatRgb, metadata.HasEnd);
                return new DecodedPixels(width, height, 3, pixels);
            }
        }
        finally
        {
            if (handle != 0)
                _ = TurboJpeg.Destroy(handle);
        }
    }

    private static byte[] Decompress(nint handle, byte* jpeg, CULong size, int width, int height, int channels, int format, bool hasEnd)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(channels * width * height);
        fixed (byte* target = pixels)
            if (TurboJpeg.Decompress(handle, jpeg, size, target, width, width * channels, height, format, TurboJpeg.FlagLimitScans | TurboJpeg.FlagAccurateDct) != 0)
                Refuse(handle, hasEnd);
        return pixels;
    }

    private static void RefuseHeader(nint handle)
    {
        var message = TurboJpeg.ErrorOf(handle);
        if (!IsHarmless(message) && !message.Contains(UnnamedSubsampling, StringComparison.Ordinal))
            throw Refusal.Damaged("JPEG", message);
    }

    /// <summary>
    /// A truncated or damaged file is but a warning to the library, which fills up with grey: here it is a failure, since a mask of grey is
    /// a wrong label. Only complaints that leave the picture whole are passed over, told by their text, for the code that tells warnings
    /// from errors also says warning where an error follows one. The library keeps the text of the first warning alone, so a harmless one may
    /// hide that the file breaks off; its end mark tells.
    /// </summary>
    private static void Refuse(nint handle, bool hasEnd)
    {
        var message = TurboJpeg.ErrorOf(handle);
        if (!IsHarmless(message))
            throw Refusal.Damaged("JPEG", message);
        if (!hasEnd)
            throw Refusal.Damaged("JPEG", $"{message}, and the end is missing");
    }

    private static bool IsHarmless(string message) => Array.Exists(Harmless, part => message.Contains(part, StringComparison.Ordinal));

    /// <summary>Adobe's programs store the inks inverted, and mark the file.</summary>
    private static byte[] FromCmyk(byte[] cmyk, bool inverted)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(cmyk.Length / 4 * 3);
        for (int i = 0, j = 0; i < cmyk.Length; i += 4, j += 3)
            for (var channel = 0; channel < 3; channel++)
            {
                var (light, black) = inverted ? (cmyk[i + channel], cmyk[i + 3]) : (255 - cmyk[i + channel], 255 - cmyk[i + 3]);
                rgb[j + channel] = (byte)((light * black + 127) / 255);
            }
        return rgb;
    }
}
