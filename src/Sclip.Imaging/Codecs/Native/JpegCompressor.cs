using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>JPEG by libturbojpeg, without chroma subsampling.</summary>
internal static unsafe class JpegCompressor
{
    public static byte[] Compress(RgbImage image, int quality)
    {
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
    }
}
