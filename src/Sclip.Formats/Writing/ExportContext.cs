using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Writing;

/// <summary>What a format writes with.</summary>
internal sealed class ExportContext
{
    /// <exception cref="ExportException">The format cannot hold the classes.</exception>
    public ExportContext(ExportFolder folder, IReadOnlyList<LabelClass> classes, ExportOptions options)
    {
        (Folder, Classes, Options, Splits) = (folder, classes, options, new Splits(options));
        Colors = Distinct(Palette.Of(classes), options.Format.VoidColor);
        Background = LabelSet.BackgroundOf(classes);
        var leavesBackground = options.Format.IsOfRegions && !options.KeepBackground && options.Classes is null;
        Kept = [.. classes.Select((_, i) => options.Classes?.Contains(i) ?? !(leavesBackground && i == Background))];
        if (options.Format.Refusal(classes, Array.LastIndexOf(Kept, true)) is { } refusal)
            throw new ExportException(refusal);
    }

    public ExportFolder Folder { get; }

    public IReadOnlyList<LabelClass> Classes { get; }

    public ExportOptions Options { get; }

    /// <summary>The parts of the data set.</summary>
    public Splits Splits { get; }

    /// <summary>What a person should know of the export, a sentence each; added to by one thread at a time.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>A colour a class, no two the same, nor that of pixels without a class, since some tools tell classes by them.</summary>
    public RgbColor[] Colors { get; }

    /// <summary>The class that means none of the others, as <see cref="LabelSet.BackgroundClass"/> finds it.</summary>
    public int? Background { get; }

    /// <summary>Whether each class is exported.</summary>
    public bool[] Kept { get; }

    /// <summary>The classes that are exported, with their indices.</summary>
    public IEnumerable<(int Index, LabelClass Class)> KeptClasses => Classes.Index().Where(item => Kept[item.Index]);

    /// <summary>A table of bytes for <see cref="LabelMap.Map"/>.</summary>
    public byte[] Table(Func<int, int> valueOf, byte nothing) => [.. Classes.Select((_, i) => Kept[i] ? (byte)valueOf(i) : nothing), nothing];

    /// <summary>The name of a picture as the export tells it.</summary>
    public string NameOf(LabelledPicture picture) => Options.ImagePrefix + picture.Image;

    /// <summary>The first class of a colour keeps it; others of the same take the next of Pascal VOC's that is free.</summary>
    private static RgbColor[] Distinct(RgbColor[] colors, RgbColor? none)
    {
        HashSet<RgbColor> taken = none is { } reserved ? [reserved] : [];
        Queue<RgbColor>? free = null;
        for (var i = 0; i < colors.Length; i++)
        {
            if (taken.Add(colors[i]))
                continue;
            free ??= new Queue<RgbColor>(Palette.PascalVoc(3 * colors.Length + 2).Except(colors).Except(taken));
            if (free.TryDequeue(out var color))
                colors[i] = color;
        }
        return colors;
    }
}
