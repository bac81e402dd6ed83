namespace Sclip.Testing;

/// <summary>Writes grey TIFFs of 8 or 16 bits, byte by byte as the format says, to hold readers against.</summary>
public static class RawTiff
{
    /// <summary>Writes a file in one strip, not packed, little-endian.</summary>
    /// <param name="values"><c>[height, width]</c>.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="depth">Bits a value, 8 or 16.</param>
    public static byte[] Write(ushort[] values, int width, int depth)
    {
        byte[] strip = [.. values.SelectMany(value => depth == 16 ? BitConverter.GetBytes(value) : [(byte)value])];
        (ushort Tag, int Value)[] entries = [(256, width), (257, values.Length / width), (258, depth), (259, 1), (262, 1), (273, 8), (277, 1), (278, values.Length / width), (279, strip.Length)];
        byte[] padding = new byte[strip.Length % 2];
        return
        [
            .. "II*\0"u8, .. BitConverter.GetBytes(8 + strip.Length + padding.Length), .. strip, .. padding, .. BitConverter.GetBytes((ushort)entries.Length),
            // Each one number of 16 bits.
            .. entries.SelectMany(entry => (byte[])[.. BitConverter.GetBytes(entry.Tag), 3, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(entry.Value)]), 0, 0, 0, 0,
        ];
    }
}
