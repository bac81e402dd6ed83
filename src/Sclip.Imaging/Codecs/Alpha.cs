namespace Sclip.Imaging.Codecs;

/// <summary>Removes transparency.</summary>
internal static class Alpha
{
    /// <summary>RGBA over white, to RGB.</summary>
    public static byte[] OverWhite(byte[] rgba)
    {
        var rgb = GC.AllocateUninitializedArray<byte>(rgba.Length / 4 * 3);
        for (int i = 0, j = 0; i < rgba.Length; i += 4, j += 3)
            for (var channel = 0; channel < 3; channel++)
                rgb[j + channel] = (byte)((rgba[i + channel] * rgba[i + 3] + 255 * (255 - rgba[i + 3]) + 127) / 255);
        return rgb;
    }

    /// <summary>Gives RGBA its colours back that are stored multiplied by how opaque they are.</summary>
    public static void Unmultiply(Span<byte> rgba)
    {
        for (; rgba.Length > 0; rgba = rgba[4..])
            for (var channel = 0; channel < 3; channel++)
                rgba[channel] = rgba[3] == 0 ? (byte)0 : (byte)Math.Min(255, (rgba[channel] * 255 + rgba[3] / 2) / rgba[3]);
    }
}
