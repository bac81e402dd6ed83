namespace Sclip.Imaging.Codecs.Native;

/// <summary>WebP by libwebp: lossy and lossless still pictures.</summary>
internal static unsafe class WebPDecoder
{
    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        fixed (byte* data = file)
        {
            var size = (nuint)file.Length;
            WebP.Features features;
            if (WebP.GetFeatures(data, size, &features) != 0)
                throw Refusal.Damaged("WebP", "its header cannot be read");
            if (features.HasAnimation != 0)
                throw Refusal.Animation();
            limits.Check(features.Width, features.Height);
            var channels = features.HasAlpha != 0 ? 4 : 3;
            var pixels = GC.AllocateUninitializedArray<byte>(features.Width * features.Height * channels);
            fixed (byte* target = pixels)
            {
                var stride = features.Width * channels;
                var decoded = channels == 4
                    ? WebP.DecodeRgba(data, size, target, (nuint)pixels.Length, stride)
                    : WebP.DecodeRgb(data, size, target, (nuint)pixels.Length, stride);
                if (decoded is null)
                    throw Refusal.Damaged("WebP");
            }
            return new DecodedPixels(features.Width, features.Height, channels, pixels);
        }
    }
}
