using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>The parts of libheif's API that are used; all are in its versions from 1.12 on.</summary>
internal static unsafe partial class Heif
{
    public const int CompressionHevc = 1;
    public const int CompressionAv1 = 4;
    public const int ColorSpaceRgb = 1;
    public const int ChromaInterleavedRgb = 10;
    public const int ChromaInterleavedRgba = 11;
    public const int ChannelInterleaved = 10;
    public const int LimitExceeded = 1000;

    [StructLayout(LayoutKind.Sequential)]
    public struct Error
    {
        public int Code, Detail;
        public byte* Message;
    }

    /// <summary>The start of the options, which later versions lengthen.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DecodingOptions
    {
        public byte Version, IgnoreTransformations;
        public nint StartProgress, OnProgress, EndProgress, ProgressData;
        public byte ConvertTo8Bit, IsStrict;
    }

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_get_version_number")]
    public static partial uint GetVersion();

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_alloc")]
    public static partial nint NewContext();

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_set_maximum_image_size_limit")]
    public static partial void SetSizeLimit(nint context, int side);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_read_from_memory_without_copy")]
    public static partial Error Read(nint context, byte* file, nuint size, nint options);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_get_primary_image_handle")]
    public static partial Error GetPrimaryImage(nint context, nint* handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_release")]
    public static partial void ReleaseHandle(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_width")]
    public static partial int GetWidth(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_height")]
    public static partial int GetHeight(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_ispe_width")]
    public static partial int GetStoredWidth(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_ispe_height")]
    public static partial int GetStoredHeight(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_has_alpha_channel")]
    public static partial int HasAlpha(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_is_premultiplied_alpha")]
    public static partial int IsPremultiplied(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_decoding_options_alloc")]
    public static partial DecodingOptions* NewOptions();

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_decoding_options_free")]
    public static partial void FreeOptions(DecodingOptions* options);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_decode_image")]
    public static partial Error Decode(nint handle, nint* image, int colorSpace, int chroma, DecodingOptions* options);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_release")]
    public static partial void ReleaseImage(nint image);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_width")]
    public static partial int GetImageWidth(nint image, int channel);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_height")]
    public static partial int GetImageHeight(nint image, int channel);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_plane_readonly")]
    public static partial byte* GetPlane(nint image, int channel, int* stride);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_have_decoder_for_format")]
    public static partial int HasDecoder(int compression);
}
