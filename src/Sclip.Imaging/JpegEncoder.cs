using System.Runtime.InteropServices;
using Sclip.Imaging.Native;

namespace Sclip.Imaging;

/// <summary>Encodes JPEG without chroma subsampling, which would smear the edges of colours.</summary>
public static unsafe class JpegEncoder
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1..100.</param>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Encode(RgbImage image, int quality = 90) => NativeLibraries.Call(() =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        var handle = TurboJpeg.InitCompress();
        byte* jpeg = null;
        try
        {
            var size = new CULong(0);
            fixed (byte* source = image.Pixels)
                if (TurboJpeg.Compress(handle, source, image.Width, image.Width * 3, image.Height, TurboJpeg.PixelFormatRgb, &jpeg, &size, TurboJpeg.Subsampling444, quality, 0) != 0)
                    throw new InvalidOperationException($"A JPEG of {image.Width} x {image.Height} pixels cannot be written: {TurboJpeg.ErrorOf(handle)}.");
            return new ReadOnlySpan<byte>(jpeg, checked((int)size.Value)).ToArray();
        }
        finally
        {
            TurboJpeg.Free(jpeg);
            if (handle != 0)
                _ = TurboJpeg.Destroy(handle);
        }
    });
}
