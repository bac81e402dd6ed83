using System.Runtime.InteropServices;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>The parts of libspng's API that are used.</summary>
internal static unsafe partial class Spng
{
    public const int ContextEncoder = 2;
    public const int FormatRgba8 = 1;
    public const int FormatRgb8 = 4;
    public const int FormatPng = 256;
    public const int DecodeTransparency = 1;
    public const int EncodeProgressive = 1;
    public const int EncodeFinalize = 2;
    public const int OptionCompressionLevel = 2;
    public const int OptionFilterChoice = 10;
    public const int OptionEncodeToBuffer = 12;
    public const int FilterNone = 8;
    public const int EndOfImage = 75;
    public const byte ColorGrey = 0;
    public const byte ColorRgb = 2;
    public const byte ColorPalette = 3;
    public const byte ColorAlphaBit = 4;

    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        public uint Width, Height;
        public byte BitDepth, ColorType, Compression, Filter, Interlace;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Palette
    {
        public uint Count;
        public fixed byte Entries[256 * 4];
    }

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_ctx_new")]
    public static partial nint New(int flags);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_ctx_free")]
    public static partial void Free(nint context);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_png_buffer")]
    public static partial int SetPngBuffer(nint context, byte* png, nuint size);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_get_png_buffer")]
    public static partial byte* GetPngBuffer(nint context, nuint* size, int* error);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_image_limits")]
    public static partial int SetImageLimits(nint context, uint width, uint height);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_chunk_limits")]
    public static partial int SetChunkLimits(nint context, nuint chunk, nuint cache);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_option")]
    public static partial int SetOption(nint context, int option, int value);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_get_ihdr")]
    public static partial int GetHeader(nint context, Header* header);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_ihdr")]
    public static partial int SetHeader(nint context, Header* header);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_set_plte")]
    public static partial int SetPalette(nint context, Palette* palette);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_get_trns")]
    public static partial int GetTransparency(nint context, byte* transparency);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_decoded_image_size")]
    public static partial int DecodedSize(nint context, int format, nuint* size);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_decode_image")]
    public static partial int DecodeImage(nint context, byte* target, nuint size, int format, int flags);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_encode_image")]
    public static partial int EncodeImage(nint context, byte* source, nuint size, int format, int flags);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_encode_row")]
    public static partial int EncodeRow(nint context, byte* row, nuint size);

    [LibraryImport(NativeLibraries.Spng, EntryPoint = "spng_strerror")]
    private static partial nint GetErrorString(int code);

    public static string ErrorOf(int code) => Marshal.PtrToStringUTF8(GetErrorString(code)) ?? $"error {code}";
}
