using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>The parts of libwebp's API that are used.</summary>
internal static unsafe partial class WebP
{
    private const int AbiVersion = 0x0209;

    [StructLayout(LayoutKind.Sequential)]
    public struct Features
    {
        public int Width, Height, HasAlpha, HasAnimation, Format;
        public fixed uint Padding[5];
    }

    public static int GetFeatures(byte* data, nuint size, Features* features) => GetFeaturesInternal(data, size, features, AbiVersion);

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPDecodeRGBInto")]
    public static partial byte* DecodeRgb(byte* data, nuint size, byte* target, nuint targetSize, int stride);

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPDecodeRGBAInto")]
    public static partial byte* DecodeRgba(byte* data, nuint size, byte* target, nuint targetSize, int stride);

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPGetFeaturesInternal")]
    private static partial int GetFeaturesInternal(byte* data, nuint size, Features* features, int version);
}
