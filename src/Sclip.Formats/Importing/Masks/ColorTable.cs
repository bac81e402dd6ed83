using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Masks;

/// <summary>Reads masks whose pixels are colours: those of classes, and those that mean none.</summary>
internal sealed class ColorTable
{
    private readonly Dictionary<RgbColor, ushort> _labels = [];

    /// <param name="classes">The classes; those without a colour have no pixels.</param>
    /// <param name="none">Colours of no class, which go before those of classes.</param>
    /// <param name="source">What errors call the classes' file.</param>
    /// <exception cref="ImportException">Two classes have the same colour.</exception>
    public ColorTable(IReadOnlyList<LabelClass> classes, IEnumerable<RgbColor> none, string source)
    {
        foreach (var color in none)
            _labels[color] = LabelMap.Nothing;
        foreach (var (index, label) in classes.Index())
            if (label.Color is { } color && !_labels.TryAdd(color, (ushort)index) && _labels[color] is var other and not LabelMap.Nothing)
                throw new ImportException($"{source}: '{classes[other].Name}' and '{label.Name}' have the same colour {color}: masks of colours cannot be read by it.");
    }

    /// <summary>The label of each pixel.</summary>
    /// <exception cref="ImportException">A colour is no class's.</exception>
    public LabelMap Read(RgbImage picture, string path)
    {
        var pixels = MemoryMarshal.Cast<byte, RgbColor>(picture.Pixels);
        var labels = GC.AllocateUninitializedArray<ushort>(pixels.Length);
        for (var i = 0; i < labels.Length; i++)
            // Colours come in runs; each is looked up once.
            if (i > 0 && pixels[i] == pixels[i - 1])
                labels[i] = labels[i - 1];
            else if (!_labels.TryGetValue(pixels[i], out labels[i]))
                throw new ImportException($"{path}: pixel ({i % picture.Width}, {i / picture.Width}) is {pixels[i]}, the colour of no class.{Advice(picture, pixels[i])}");
        return new LabelMap(labels, picture.Width, picture.Height);
    }

    private string Advice(RgbImage picture, RgbColor color) => _labels.Count > 0 ? $" Where it means none, give --void-color {color}."
        : LooksPanoptic(picture) ? " It looks like a panoptic PNG; give its JSON. Where the colours are the classes', give --labels with colours."
        : " Masks are grey or palette pictures of class indices; where the colours are the classes', give --labels with colours.";

    /// <summary>Whether a picture has few colours, and so may be one of numbered regions, which no photo is.</summary>
    private static bool LooksPanoptic(RgbImage picture)
    {
        const int most = 1024;
        var colors = new HashSet<RgbColor>();
        foreach (var color in MemoryMarshal.Cast<byte, RgbColor>(picture.Pixels))
            if (colors.Add(color) && colors.Count > most)
                return false;
        return true;
    }
}
