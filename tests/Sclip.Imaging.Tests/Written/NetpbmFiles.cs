using System.Text;

namespace Sclip.Imaging.Tests.Written;

/// <summary>PBM, PGM and PPM, as numbers and raw.</summary>
internal static class NetpbmFiles
{
    public static IEnumerable<(string Name, WrittenPicture Picture)> All()
    {
        var bits = Noise.Grey(1);
        var drawn = Noise.GreyPicture(bits.Select(bit => bit == 1 ? 0 : 255));
        yield return ("PBM in numbers", new(Text($"P1\n# drawn\n7 5\n{Lines(bits, " ")}"), drawn));
        yield return ("PBM in numbers without blanks", new(Text($"P1 7 5\n{Lines(bits, "")}"), drawn));
        yield return ("PBM raw", new([.. Text("P4\n7 5\n"), .. Noise.PackedRows(bits, 1).SelectMany(row => row)], drawn));
        var whole = Noise.Values(16 * 5, 1);
        yield return ("PBM raw of whole bytes", new([.. Text("P4\n16 5\n"), .. Noise.PackedRows(whole, 1, perRow: 16).SelectMany(row => row)], new RgbImage(16, 5, [.. whole.SelectMany(bit => Enumerable.Repeat((byte)(bit == 1 ? 0 : 255), 3))])));
        foreach (var most in (int[])[1, 15, 100, 255, 256, 1023, 65535])
        {
            int[] grey = Noise.Grey(most), rgb = Noise.Rgb(most);
            int Level(int value) => most == 65535 ? value >> 8 : Noise.Spread(value, most);
            byte[] Raw(int[] values) => [.. values.SelectMany(value => most > 255 ? [(byte)(value >> 8), (byte)value] : new[] { (byte)value })];
            yield return ($"PGM in numbers to {most}", new(Text($"P2\n7 5\n{most}\n{Lines(grey, " ")}"), Noise.GreyPicture(grey.Select(Level)), 1));
            yield return ($"PGM raw to {most}", new([.. Text($"P5\n7 5\n{most}\n"), .. Raw(grey)], Noise.GreyPicture(grey.Select(Level)), 1));
            yield return ($"PPM in numbers to {most}", new(Text($"P3\n7 5\n{most}\n{Lines(rgb, "  ")}"), Noise.Picture(rgb.Select(Level)), 1));
            yield return ($"PPM raw to {most}", new([.. Text($"P6\n7 5\n{most}\n"), .. Raw(rgb)], Noise.Picture(rgb.Select(Level)), 1));
        }
        foreach (var first in (int[])[' ', '\n', '#', '7'])
        {
            int[] rgb = [first, .. Noise.Rgb()[1..]];
            yield return ($"PPM raw whose first byte is {first}", new([.. Text("P6 # one\n#two\n7\r\n5 255 "), .. rgb.Select(value => (byte)value)], Noise.Picture(rgb)));
        }
    }

    public static IEnumerable<(string Name, byte[] File, string Mention)> Refused()
    {
        yield return ("PPM of too many pixels", Text("P6\n60000 60000\n255\n123"), "60000 x 60000 pixels are more than the limit");
        yield return ("PPM of very large numbers", Text("P6\n99999999999 1\n255\n123"), "a number is too large");
        yield return ("PGM above its greatest value", Text("P2\n2 1\n10\n10 11\n"), "the value 11 is above its greatest, 10");
        yield return ("PGM of a strange greatest value", Text("P5\n2 1\n65536\n1234"), "its greatest value is 65536");
        yield return ("PGM with words for numbers", Text("P2\n2 1\n10\n1 one\n"), "there is no number where one must be");
        yield return ("PAM", Text("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nENDHDR\nabc"), "the file is a PAM or PFM");
    }

    private static string Lines(int[] values, string between) => string.Concat(values.Chunk(7).Select(row => string.Join(between, row) + "\n"));

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
