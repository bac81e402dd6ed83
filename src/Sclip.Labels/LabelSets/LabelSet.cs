using System.Text;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The classes that pictures are cut into. Names are unique, whatever their case, and free of superfluous white space.</summary>
public sealed class LabelSet
{
    /// <summary>The most classes: a mask has 16 bits a pixel, one value of which stays free.</summary>
    public const int MostClasses = 65535;

    private const int LongestName = 1000;
    private const string BackgroundName = "background";

    private LabelSet(LabelClass[] classes, IReadOnlyList<string>? notes = null)
    {
        Classes = notes is { Count: > 0 } ? new NotedClasses(classes, notes) : classes;
        BackgroundClass = BackgroundOf(classes);
        Names = [.. classes.SelectMany(label => label.AllNames)];
        ClassOfName = [.. classes.SelectMany((label, index) => label.AllNames.Select(_ => index))];
    }

    /// <summary>The classes; the index is the value in a mask. Those of a file bring along what is to be known of it (<see cref="NotedClasses"/>).</summary>
    public IReadOnlyList<LabelClass> Classes { get; }

    /// <summary>The class that means none of the others: the one marked as background, else the one called so; null where there is none.</summary>
    public int? BackgroundClass { get; }

    /// <summary>All names of all classes, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The class that each name belongs to, <c>[names]</c>.</summary>
    public IReadOnlyList<int> ClassOfName { get; }

    /// <summary>Takes over classes, in order.</summary>
    /// <exception cref="LabelSetException">There is none, or more than 65535, or names are empty or there twice.</exception>
    public static LabelSet Of(IEnumerable<LabelClass> classes) =>
        Create("labels", classes.Select((label, i) => (label, $"class {i + 1}")));

    /// <summary>Reads a label set where nothing needs to be said of how: as <see cref="LabelReader.Load"/> does.</summary>
    /// <exception cref="LabelSetException">The file cannot be read, it is no list of names, or the classes cannot be used.</exception>
    public static LabelSet Load(string fileOrNames) => LabelReader.Load(fileOrNames).Set;

    /// <summary>The same set, whose <see cref="BackgroundClass"/> is marked as such whatever it is called, else the class that is given; null marks no other.</summary>
    public LabelSet WithBackgroundMarked(int? otherwise = null) =>
        (BackgroundClass ?? otherwise) is { } background ? new([.. Classes.Select((label, i) => label with { Background = i == background })]) : this;

    /// <summary>The class among some that means none of the others, by the rule of <see cref="BackgroundClass"/>.</summary>
    public static int? BackgroundOf(IReadOnlyList<LabelClass> classes)
    {
        int? named = null;
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i].Background)
                return i;
            if (named is null && classes[i].Name.Equals(BackgroundName, StringComparison.OrdinalIgnoreCase))
                named = i;
        }
        return named;
    }

    /// <summary>Holds classes to be a set.</summary>
    /// <param name="source">What errors call where they stand.</param>
    /// <param name="classes">The classes, each with its place there.</param>
    /// <param name="notes">What a person should know of how they were read.</param>
    /// <exception cref="LabelSetException">There is none, or more than 65535, or names are empty or there twice.</exception>
    internal static LabelSet Create(string source, IEnumerable<(LabelClass Class, string Place)> classes, IReadOnlyList<string>? notes = null)
    {
        var cleaned = new List<LabelClass>();
        var placeOfName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? background = null;
        foreach (var (label, place) in classes)
        {
            if (cleaned.Count == MostClasses)
                throw new LabelSetException($"{source}: there are more than {MostClasses} classes.");
            if (label.Background && background is not null)
                throw new LabelSetException($"{source}: {background} and {place} are both marked as background; at most one class can be.");
            background = label.Background ? place : background;
            var names = label.AllNames.Select(name => CleanName(name, source, place)).ToArray();
            foreach (var name in names)
                if (!placeOfName.TryAdd(name, place))
                    throw new LabelSetException($"{source}: the name '{name}' is there twice, in {placeOfName[name]} and in {place}; each name belongs to one class.");
            cleaned.Add(label with { Name = names[0], Synonyms = names[1..] });
        }
        return cleaned.Count > 0 ? new([.. cleaned], notes) : throw new LabelSetException($"{source}: there is no class.");
    }

    private static string CleanName(string name, string source, string place)
    {
        var cleaned = WhiteSpace.Collapse(name);
        if (cleaned.Length == 0)
            throw new LabelSetException($"{source}, {place}: a name is empty.");
        if (cleaned.Length > LongestName)
            throw new LabelSetException($"{source}, {place}: the name '{cleaned[..40]}…' is longer than {LongestName} characters.");
        // Names are shown in terminals and pictures, where control characters would do harm.
        return cleaned.EnumerateRunes().Any(Rune.IsControl)
            ? throw new LabelSetException($"{source}, {place}: a name holds a control character.")
            : cleaned;
    }
}
