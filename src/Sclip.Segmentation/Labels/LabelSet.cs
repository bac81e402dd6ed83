using Sclip.Contracts;

namespace Sclip.Segmentation;

/// <summary>The classes to tell apart, with their synonyms.</summary>
public sealed class LabelSet
{
    private const int MostClasses = ushort.MaxValue;

    private LabelSet(IReadOnlyList<LabelClass> classes)
    {
        Classes = classes;
        BackgroundClass = Math.Max(0, classes.ToList().FindIndex(item => item.Background));
    }

    /// <summary>The classes; their position is their index in label maps.</summary>
    public IReadOnlyList<LabelClass> Classes { get; }

    /// <summary>The class that thresholds fall back to: the one marked so, else the first.</summary>
    public int BackgroundClass { get; }

    /// <summary>
    /// Reads classes from a file, or from a text as it may stand on a command line. A file ending in <c>.json</c> is JSON; any other is the
    /// authors' format, one class a line, synonyms separated by <c>", "</c>. A text that names no file is one class between commas.
    /// </summary>
    /// <exception cref="LabelSetException">The file cannot be read, or the classes are empty, duplicate or too many.</exception>
    public static LabelSet Load(string fileOrNames)
    {
        if (File.Exists(fileOrNames))
            return LabelFile.IsJson(fileOrNames)
                ? LabelSetJson.Parse(fileOrNames, LabelFile.Read(fileOrNames))
                : Of([.. LabelFile.Lines(fileOrNames, LabelFile.Read(fileOrNames)).Select(ParseLine)], fileOrNames);
        if (fileOrNames.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || LabelFile.IsJson(fileOrNames))
            throw new LabelSetException($"The label file {fileOrNames} does not exist.");
        return Of([.. fileOrNames.Split(',', StringSplitOptions.TrimEntries).Select(name => new LabelClass { Name = name })], "the labels");
    }

    /// <summary>A label set of these classes.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="LabelSetException">They are none, too many, empty or duplicate, or several are marked as background.</exception>
    public static LabelSet Of(IReadOnlyList<LabelClass> classes, string source = "the labels")
    {
        if (classes.Count == 0)
            throw new LabelSetException($"{source}: there is no class.");
        if (classes.Count > MostClasses)
            throw new LabelSetException($"{source}: {classes.Count} classes are more than the {MostClasses} that a mask can hold.");
        if (classes.Count(item => item.Background) > 1)
            throw new LabelSetException($"{source}: only one class may be marked as background.");
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < classes.Count; i++)
            foreach (var name in classes[i].AllNames)
            {
                var plain = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                if (plain.Length == 0)
                    throw new LabelSetException($"{source}: class {i + 1} has an empty name.");
                if (!seen.TryAdd(plain, i))
                    throw new LabelSetException($"{source}: '{plain}' names class {seen[plain] + 1} and class {i + 1}; names must differ.");
            }
        return new LabelSet(classes);
    }

    private static LabelClass ParseLine(string line)
    {
        var names = line.Split(", ", StringSplitOptions.TrimEntries);
        return new LabelClass { Name = names[0], Synonyms = names[1..] };
    }
}
