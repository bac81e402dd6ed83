using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>JPEG by libturbojpeg.</summary>
internal static unsafe class JpegCompressor
{
    public static byte[] Compress(RgbImage image, int quality, bool subsampled)
    {
        var handle = TurboJpeg.InitCompress();
        byte* jpeg = null;
        try
        {
            var size = new CULong(0);
            var subsampling = subsampled ? TurboJpeg.Subsampling420 : TurboJpeg.Subsampling444;
            var (width, height) = (image.Width, image.Height);
            fixed (byte* source = image.Pixels)
                if (TurboJpeg.Compress(handle, source, width, width * 3, height, TurboJpeg.PixelFormatRgb, &jpeg, &size, subsampling, quality, 0) != 0)
                    throw new InvalidOperationException($"A JPEG of {width} x {height} pixels cannot be written: {TurboJpeg.ErrorOf(handle)}.");
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
