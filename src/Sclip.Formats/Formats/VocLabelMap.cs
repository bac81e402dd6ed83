using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// <c>labelmap.txt</c>, a class a line, <c>name:r,g,b:parts:actions</c>, as CVAT and Datumaro read it: they look each colour of a mask up there, that of
/// void pixels as well. A line that begins with '#' is none of theirs, and ':' ends the name; no two names may be the same.
/// </summary>
internal sealed class VocLabelMap
{
    /// <summary>What void pixels are called, where no class is.</summary>
    public const string Ignored = "ignored";

    /// <summary>The colour of void pixels, as Pascal VOC has it.</summary>
    public static readonly RgbColor VoidColor = new(224, 224, 192);

    private readonly ExportContext _context;
    private readonly string[] _names;

    public VocLabelMap(ExportContext context)
    {
        _context = context;
        var taken = context.Classes.Select(label => label.Name).Where(name => Readable(name) == name).ToHashSet(StringComparer.Ordinal);
        _names = [.. context.Classes.Select(label => Readable(label.Name) == label.Name ? label.Name : Free(Readable(label.Name), taken))];
        VoidName = Free(Ignored, taken);
    }

    /// <summary>What void pixels are called.</summary>
    public string VoidName { get; }

    /// <summary>The name of a class there.</summary>
    public string this[int index] => _names[index];

    /// <summary>Writes the classes, and void where some pixels are.</summary>
    public async Task WriteAsync(bool hasVoid)
    {
        await using var map = new StreamWriter(_context.Folder.Create("labelmap.txt"));
        await map.WriteAsync("# label:color_rgb:parts:actions\n");
        foreach (var (index, _) in _context.KeptClasses)
            await map.WriteAsync(Line(_names[index], _context.Colors[index]));
        if (hasVoid)
            await map.WriteAsync(Line(VoidName, VoidColor));
        if (_context.KeptClasses.Where(item => _names[item.Index] != item.Class.Name).Select(item => $"'{item.Class.Name}' is '{_names[item.Index]}'").ToArray() is { Length: > 0 } renamed)
            _context.Notices.Add($"names that labelmap.txt cannot hold are others there, and in a CVAT project for it: {string.Join(", ", renamed)}.");
        if (hasVoid)
            _context.Notices.Add(
                $"pixels without a class are void: labelmap.txt calls their colour '{VoidName}', since CVAT and Datumaro refuse colours that it does not name. A CVAT project needs a label '{VoidName}' for it, as CVAT passes over 'background' alone.");
    }

    private static string Line(string name, RgbColor color) => string.Create(CultureInfo.InvariantCulture, $"{name}:{color.R},{color.G},{color.B}::\n");

    private static string Readable(string name)
    {
        var readable = name.Replace(':', '_');
        return readable.StartsWith('#') ? $"_{readable[1..]}" : readable;
    }

    /// <summary>The name, with a number behind it where another has it.</summary>
    private static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        return free;
    }
}
