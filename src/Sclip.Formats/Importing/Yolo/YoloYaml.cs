using Sclip.Contracts.Jobs;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>Where a YOLO <c>data.yaml</c> says that its pictures are.</summary>
internal sealed class YoloYaml
{
    private static readonly string[] Keys = ["train", "val", "test", "valid", "validation"];

    private YoloYaml(string root) => Root = Path.TrimEndingDirectorySeparator(root);

    /// <summary>What its paths are relative to.</summary>
    public string Root { get; }

    /// <summary>Folders of pictures, and text files with a picture a line, by their split.</summary>
    public List<(string Split, string Path)> Entries { get; } = [];

    /// <summary>Whether a name is a split's: one of the usual, or one that the file has a list for.</summary>
    public bool IsSplit(string name) => Keys.Contains(name, StringComparer.Ordinal) || Entries.Exists(entry => entry.Split == name);

    /// <summary>A folder without such a file: labels are looked for in all of it.</summary>
    public static YoloYaml OfFolder(string folder) => new(Path.GetFullPath(folder));

    /// <summary>Reads a file; relative paths are below <c>path:</c>, where that exists, else below the file's folder.</summary>
    /// <exception cref="ImportException">It is no YAML.</exception>
    public static YoloYaml Read(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        try
        {
            var values = Values(File.ReadAllText(file));
            var root = values.Find(item => item.Key == "path").Value is { } told && Path.Combine(folder, told) is var below && Directory.Exists(below) ? below : folder;
            var yaml = new YoloYaml(root);
            foreach (var (key, value) in values.Where(item => item.Value.Length > 0 && (Keys.Contains(item.Key, StringComparer.Ordinal) || item.Value == $"{item.Key}.txt")))
                yaml.Entries.Add((key, Resolve(root, RequirePath(value, $"{file}: {JobNames.Shown(key)}"))));
            return yaml;
        }
        catch (YamlException error)
        {
            throw new ImportException($"{file}, line {error.Start.Line}: not valid YAML: {JobNames.Shown(error.Message)}", error);
        }
        catch (InvalidOperationException error)
        {
            // The parser meets what it did not expect.
            throw new ImportException($"{file}: not valid YAML.", error);
        }
    }

    /// <summary>Refuses a text that is the path of no file, such as a file that is no list has in its lines.</summary>
    /// <exception cref="ImportException">It is.</exception>
    public static string RequirePath(string path, string where) =>
        path.Contains('\0', StringComparison.Ordinal) ? throw new ImportException($"{where}: '{JobNames.Shown(path)}' is no path: it has a character of value 0. See whether the file is what it should be.") : path;

    // Roboflow writes ../train/images for what lies beside the file, and YOLO's tools look there as well.
    private static string Resolve(string root, string value) =>
        Path.Combine(root, value) is var path && !Path.Exists(path) && value.StartsWith("../", StringComparison.Ordinal) ? Path.GetFullPath(Path.Combine(root, value[3..])) : Path.GetFullPath(path);

    /// <summary>The texts of the file's keys, and each of those that have a list.</summary>
    private static List<(string Key, string Value)> Values(string text)
    {
        var values = new List<(string, string)>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            return values;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }
            if (parser.TryConsume<Scalar>(out var value))
                values.Add((key.Value, value.Value));
            else if (Keys.Contains(key.Value, StringComparer.Ordinal) && parser.TryConsume<SequenceStart>(out _))
                while (!parser.TryConsume<SequenceEnd>(out _))
                    if (parser.TryConsume<Scalar>(out var item))
                        values.Add((key.Value, item.Value));
                    else
                        parser.SkipThisAndNestedEvents();
            else
                parser.SkipThisAndNestedEvents();
        }
        return values;
    }
}
