using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>The primary picture of a HEIC or AVIF by libheif, which turns it upright itself.</summary>
internal static unsafe class HeifDecoder
{
    // Pictures are stored in whole blocks, of 64 x 64 pixels at most, of which the last are cut.
    private const int Block = 64;
    private const byte StrictVersion = 3;
    private const uint LimitsOfPixels = 0x01_13_00_00;

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var name = FileKinds.NameOfHeif(file);
        nint context = Heif.NewContext(), handle = 0, image = 0;
        var options = Heif.NewOptions();
        try
        {
            fixed (byte* bytes = file)
            {
                // Versions before 1.19 take it for the limit of each side, which a panorama exceeds; theirs is 32,768.
                if (Heif.GetVersion() >= LimitsOfPixels)
                    Heif.SetSizeLimit(context, limits.SideOfSquare + Block);
                Check(Heif.Read(context, bytes, (nuint)file.Length, 0), name);
                Check(Heif.GetPrimaryImage(context, &handle), name);
                var (width, height) = (Heif.GetWidth(handle), Heif.GetHeight(handle));
                limits.Check(width, height);
                if ((long)Heif.GetStoredWidth(handle) * Heif.GetStoredHeight(handle) > (long)(width + Block) * (height + Block))
                    limits.Check(Heif.GetStoredWidth(handle), Heif.GetStoredHeight(handle));
                var channels = Heif.HasAlpha(handle) != 0 ? 4 : 3;
                options->ConvertTo8Bit = 1;
                // Else a tile that is damaged is left black.
                if (options->Version >= StrictVersion)
                    options->IsStrict = 1;
                Check(Heif.Decode(handle, &image, Heif.ColorSpaceRgb, channels == 4 ? Heif.ChromaInterleavedRgba : Heif.ChromaInterleavedRgb, options), name);
                // What is decoded may be of another size than the file says before.
                if ((Heif.GetImageWidth(image, Heif.ChannelInterleaved), Heif.GetImageHeight(image, Heif.ChannelInterleaved)) != (width, height))
                    throw Refusal.Damaged(name, "its picture is of another size than it says");
                int stride;
                var plane = Heif.GetPlane(image, Heif.ChannelInterleaved, &stride);
                var pixels = GC.AllocateUninitializedArray<byte>(width * height * channels);
                for (var y = 0; y < height; y++)
                    new ReadOnlySpan<byte>(plane + (long)y * stride, width * channels).CopyTo(pixels.AsSpan(y * width * channels));
                if (channels == 4 && Heif.IsPremultiplied(handle) != 0)
                    Alpha.Unmultiply(pixels);
                return new DecodedPixels(width, height, channels, pixels);
            }
        }
        finally
        {
            Heif.FreeOptions(options);
            if (image != 0)
                Heif.ReleaseImage(image);
            if (handle != 0)
                Heif.ReleaseHandle(handle);
            Heif.FreeContext(context);
        }
    }

    private static void Check(Heif.Error error, string name)
    {
        if (error.Code == 0)
            return;
        // It says one thing or another of a decoder that is missing, by its version.
        if (Heif.HasDecoder(name == FileKinds.Avif ? Heif.CompressionAv1 : Heif.CompressionHevc) == 0)
            throw Refusal.NoHeifDecoder(name);
        var message = Marshal.PtrToStringUTF8((nint)error.Message)?.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        throw error.Detail == Heif.LimitExceeded ? Refusal.HeifLimit(name, message) : Refusal.Damaged(name, message);
    }
}
