namespace Sclip.Labels;

/// <summary>Tells what a file is that is given for a text by mistake, by its first bytes.</summary>
internal static class BinaryFile
{
    /// <summary>What it is, in words; null for what may be a text.</summary>
    public static string? Kind(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a picture (PNG)",
        [0xFF, 0xD8, 0xFF, ..] => "a picture (JPEG)",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "a picture (GIF)",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "a picture (WebP)",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a picture (TIFF)",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "a picture (HEIC or AVIF) or a video",
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "a zip archive (of a spreadsheet save the table as CSV)",
        [0x1F, 0x8B, ..] => "a compressed file (gzip)",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "a PDF",
        [_, _, _, _, _, 0, 0, 0, (byte)'{', ..] => "a model (safetensors)",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => null,
        _ => file.Contains((byte)0) ? "a binary file, or UTF-16 without its mark" : null,
    };
}
