namespace Sclip.Imaging.Tests.Written;

/// <summary>GIFs of 16 colours, whose codes are never joined: each pixel's is its index, and the table is cleared before it grows.</summary>
internal static class GifFiles
{
    private const int Bits = 4, Clear = 1 << Bits, End = Clear + 1;
    private static readonly int[] Colors = Noise.Values(48, 255, 6), Indices = Noise.Grey(15, 7);

    public static IEnumerable<(string Name, WrittenPicture Picture)> All()
    {
        var solid = Noise.Picture(Noise.Look(Colors, Indices));
        yield return ("GIF", new([.. Screen(Colors), .. Frame(Indices), 0x3B], solid));
        yield return ("GIF of 1987", new([.. "GIF87a"u8, .. Screen(Colors)[6..], .. Frame(Indices), 0x3B], solid));
        yield return ("GIF without its end", new([.. Screen(Colors), .. Frame(Indices)], solid));
        yield return ("GIF with a palette of its frame", new([.. Screen(null), .. Frame(Indices, palette: Colors), 0x3B], solid));
        yield return ("GIF with words and times before", new([.. Screen(Colors), 0x21, 0xFE, 5, .. "words"u8, 0, .. Control(null), .. Frame(Indices), 0x3B], solid));
        var clear = Noise.OverWhite(Noise.Look(Colors, Indices), [.. Indices.Select(index => index == 5 ? 0 : 255)]);
        yield return ("GIF with a clear colour", new([.. Screen(Colors), .. Control(5), .. Frame(Indices), 0x3B], clear));
        yield return ("GIF of several frames", new([.. Screen(Colors), .. Control(5), .. Frame(Indices), .. Control(null), .. Frame([.. Indices.Reverse()]), 0x3B], clear));
        yield return ("GIF whose second frame is damaged", new([.. Screen(Colors), .. Frame(Indices), 0x2C, 0xFF, 0xFF, 0xFF], solid));
        int[] rows = [0, 4, 2, 1, 3];
        yield return ("GIF interlaced", new([.. Screen(Colors), .. Frame([.. rows.SelectMany(row => Indices[(7 * row)..(7 * row + 7)])], isInterlaced: true), 0x3B], solid));
        // Of 4 x 3 pixels, at (2, 1).
        var within = Enumerable.Range(0, 35).Where(i => i % 7 is >= 2 and < 6 && i / 7 is >= 1 and < 4).ToArray();
        yield return ("GIF whose frame fills its screen in part", new(
            [.. Screen(Colors), .. Frame([.. within.Select(i => Indices[i])], place: (2, 1, 4, 3)), 0x3B], Noise.OverWhite(Noise.Look(Colors, Indices), [.. Enumerable.Range(0, 35).Select(i => within.Contains(i) ? 255 : 0)])));
    }

    public static IEnumerable<(string Name, byte[] File, string Mention)> Refused()
    {
        yield return ("GIF without a palette", [.. Screen(null), .. Frame(Indices), 0x3B], "it has no palette");
        yield return ("GIF without a frame", [.. Screen(Colors), .. Control(null), 0x3B, .. new byte[20]], "it holds no picture");
        yield return ("GIF whose frame leaves its screen", [.. Screen(Colors), .. Frame(Indices, place: (3, 3, 7, 5)), 0x3B], "its first frame stands outside its screen");
        yield return ("GIF of too many pixels", [.. Screen(Colors, 60000, 60000), .. Frame(Indices), 0x3B], "60000 x 60000 pixels are more than the limit");
        yield return ("GIF of no width", [.. Screen(Colors, 0, 5), .. Frame(Indices), 0x3B], "nothing to see");
    }

    private static byte[] Screen(int[]? palette, int width = Noise.Width, int height = Noise.Height) =>
        [.. "GIF89a"u8, .. Short(width), .. Short(height), (byte)(palette is null ? 0 : 0x80 | Bits - 1), 0, 0, .. (palette ?? []).Select(value => (byte)value)];

    private static byte[] Control(byte? clearIndex) => [0x21, 0xF9, 4, (byte)(clearIndex is null ? 0 : 1), 10, 0, clearIndex ?? 0, 0];

    private static byte[] Frame(int[] indices, int[]? palette = null, bool isInterlaced = false, (int X, int Y, int Width, int Height)? place = null)
    {
        var (x, y, width, height) = place ?? (0, 0, Noise.Width, Noise.Height);
        var codes = Codes(indices);
        return
        [
            0x2C, .. Short(x), .. Short(y), .. Short(width), .. Short(height), (byte)((palette is null ? 0 : 0x80 | Bits - 1) | (isInterlaced ? 0x40 : 0)), .. (palette ?? []).Select(value => (byte)value),
            Bits, (byte)codes.Length, .. codes, 0,
        ];
    }

    private static byte[] Codes(int[] indices)
    {
        // A table that is cleared every 14 pixels never needs codes of more than 5 bits.
        int[] codes = [.. indices.Chunk(14).SelectMany(part => part.Prepend(Clear)), End];
        var bytes = new byte[(codes.Length * (Bits + 1) + 7) / 8];
        for (var i = 0; i < codes.Length * (Bits + 1); i++)
            if ((codes[i / (Bits + 1)] >> i % (Bits + 1) & 1) != 0)
                bytes[i / 8] |= (byte)(1 << i % 8);
        return bytes;
    }

    private static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
