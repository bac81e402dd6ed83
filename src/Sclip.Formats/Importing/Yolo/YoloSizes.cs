using System.Globalization;
using System.Text.RegularExpressions;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>The sizes in <c>images.meta</c>, as CVAT and Datumaro have it beside YOLO's labels: a name without ending, height and width a line.</summary>
internal static partial class YoloSizes
{
    private const string FileName = "images.meta";

    /// <summary>Reads the file of a folder; no sizes where there is none.</summary>
    /// <exception cref="ImportException">A line is none of it.</exception>
    public static Dictionary<string, (int Width, int Height)> Read(string folder)
    {
        var sizes = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return sizes;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var match = Line().Match(line);
            if (!match.Success || !Number(match.Groups["height"], out var height) || !Number(match.Groups["width"], out var width))
                throw new ImportException($"{path}, line {number}: must read a name, height and width.");
            var name = match.Groups["quoted"].Success ? Escape().Replace(match.Groups["quoted"].Value, "$1") : match.Groups["bare"].Value;
            sizes[name] = (width, height);
        }
        return sizes;
    }

    private static bool Number(Group group, out int number) => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("""^\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>\S+))\s+(?<height>\d+)\s+(?<width>\d+)\s*$""")]
    private static partial Regex Line();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escape();
}
