using Sclip.Contracts;

namespace Sclip.Imaging;

/// <summary>Colours for classes.</summary>
public static class Palette
{
    /// <summary>The colours of classes: their own, else Pascal VOC's of their index.</summary>
    public static RgbColor[] Of(IReadOnlyList<LabelClass> classes)
    {
        var palette = PascalVoc(classes.Count);
        return [.. classes.Select((item, i) => item.Color ?? palette[i])];
    }

    /// <summary>Pascal VOC's colours: the bits of an index dealt out to red, green and blue, from the highest bit down; 0 is black.</summary>
    public static RgbColor[] PascalVoc(int count)
    {
        var colors = new RgbColor[count];
        for (var i = 0; i < count; i++)
        {
            int red = 0, green = 0, blue = 0;
            for (int bit = 7, rest = i; bit >= 0; bit--, rest >>= 3)
            {
                red |= (rest & 1) << bit;
                green |= (rest >> 1 & 1) << bit;
                blue |= (rest >> 2 & 1) << bit;
            }
            colors[i] = new RgbColor((byte)red, (byte)green, (byte)blue);
        }
        return colors;
    }
}
