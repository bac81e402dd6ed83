using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// <c>label_colors.txt</c>, by which CVAT and Datumaro know the names of labels that are not Cityscapes' own: <c>r g b name</c>, the class whose index the line's
/// number is. A name ends at a space. Datumaro puts a background in front, and so moves all others, where no line is black: one is.
/// </summary>
internal static class CityscapesColors
{
    private const string BackgroundName = "background";
    private static readonly RgbColor Black = new(0, 0, 0);

    public static void Write(ExportContext context)
    {
        var names = Names(context);
        RgbColor[] colors = [.. context.Colors];
        var background = context.Background ?? names.FindIndex(name => name.Equals(BackgroundName, StringComparison.Ordinal));
        if (!colors.Contains(Black) && background >= 0)
            colors[background] = Black;
        using var file = new StreamWriter(context.Folder.Create("label_colors.txt"));
        foreach (var (name, color) in names.Zip(colors))
            file.Write(Line(color, name));
        if (!colors.Contains(Black))
            file.Write(Line(Black, BackgroundName));
    }

    private static string Line(RgbColor color, string name) => string.Create(CultureInfo.InvariantCulture, $"{color.R} {color.G} {color.B} {name}\n");

    /// <summary>The names of all classes, since a line's number tells the class: without spaces, and no two the same.</summary>
    private static List<string> Names(ExportContext context)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var label in context.Classes)
        {
            var name = string.Concat(label.Name.Select(letter => char.IsWhiteSpace(letter) ? '_' : letter));
            var free = name;
            for (var i = 2; !taken.Add(free); i++)
                free = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
            names.Add(free);
        }
        var renamed = context.KeptClasses.Where(item => names[item.Index] != item.Class.Name).Select(item => $"'{item.Class.Name}' {names[item.Index]}").ToArray();
        if (renamed.Length > 0)
            context.Notices.Add($"label_colors.txt, which has no spaces in names, calls {string.Join(", ", renamed)}: so CVAT's labels have to be called.");
        return names;
    }
}
