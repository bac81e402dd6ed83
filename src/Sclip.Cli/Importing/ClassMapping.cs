using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Hosting.Configuration;
using Sclip.Labels;

namespace Sclip.Cli.Importing;

/// <summary>Brings the classes of annotations to those that masks are to have.</summary>
/// <param name="Background">Whether pixels that no annotation covers are background; null takes what the annotations' form says.</param>
/// <param name="UnknownAreVoid">Whether classes that are not among those given become void; else they are refused.</param>
internal sealed record ClassMapping(bool? Background = null, bool UnknownAreVoid = false)
{
    private const string BackgroundName = "background";
    private const int MostNames = 30;

    /// <summary>Keeps the annotations' own classes; a background that they lack and need is put in front.</summary>
    public ImportTarget Own(IAnnotationSet set)
    {
        var own = set.Classes;
        var table = Enumerable.Range(0, own.Count).Select(i => (ushort)i);
        if (!LeavesBackground(set))
            return new ImportTarget(own, [.. table, LabelMap.Nothing]);
        if (LabelSet.BackgroundOf(own) is { } background)
            return new ImportTarget(own, [.. table, (ushort)background]);
        return new ImportTarget([new LabelClass { Name = BackgroundName, Background = true }, .. own], [.. table.Select(index => (ushort)(index + 1)), 0]);
    }

    /// <summary>Brings them to classes that are given, by names and synonyms.</summary>
    /// <param name="set">The annotations.</param>
    /// <param name="source">What they are, for messages.</param>
    /// <param name="given">The classes.</param>
    /// <param name="whose">What the classes are called in messages, such as <c>--labels</c>.</param>
    /// <exception cref="UserException">Some are not among them.</exception>
    public ImportTarget To(IAnnotationSet set, string source, IReadOnlyList<LabelClass> given, string whose)
    {
        var places = PlacesOf(given);
        var (ofSet, ofGiven) = (LabelSet.BackgroundOf(set.Classes), LabelSet.BackgroundOf(given));
        var table = new List<ushort>();
        var unknown = new List<string>();
        foreach (var (index, label) in set.Classes.Index())
        {
            var place = label.AllNames.Select(name => places.TryGetValue(name, out var found) ? found : (ushort?)null).FirstOrDefault(found => found is not null)
                ?? (index == ofSet ? (ushort?)ofGiven : null);
            if (place is null)
                unknown.Add(label.Name);
            table.Add(place ?? LabelMap.Nothing);
        }
        if (Background == true && ofGiven is null && whose == "--labels")
            throw new UserException($"--background: none of the classes of {whose} is the background. Mark one as such there, or leave --background away.");
        if (unknown.Count > 0 && !UnknownAreVoid)
            throw new UserException(
                $"{whose} {(whose.StartsWith("--", StringComparison.Ordinal) ? "lacks" : "lack")} {(unknown.Count == 1 ? "a class" : $"{unknown.Count} classes")} of {source}: {Names(unknown, given)}. Name them by --labels, also as synonyms; or give --unknown void, and their pixels are of no class.");
        return new ImportTarget(given, [.. table, LeavesBackground(set) && ofGiven is { } uncovered ? (ushort)uncovered : LabelMap.Nothing]);
    }

    /// <summary>Whether all classes of annotations are among others by their names.</summary>
    public static bool Knows(IReadOnlyList<LabelClass> classes, IAnnotationSet set)
    {
        var places = PlacesOf(classes);
        return set.Classes.All(label => places.ContainsKey(label.Name));
    }

    private static Dictionary<string, ushort> PlacesOf(IReadOnlyList<LabelClass> classes)
    {
        var places = new Dictionary<string, ushort>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, label) in classes.Index())
            foreach (var name in label.AllNames)
                places.TryAdd(name, (ushort)index);
        return places;
    }

    private bool LeavesBackground(IAnnotationSet set) => Background ?? set.LeavesBackground;

    private static string Names(List<string> unknown, IReadOnlyList<LabelClass> given) =>
        string.Join(", ", unknown.Take(MostNames).Select(name => $"'{name}'{(NearestName.Of(name, given.SelectMany(label => label.AllNames)) is { } near ? $" (did you mean '{near}'?)" : "")}"))
        + (unknown.Count > MostNames ? $" and {unknown.Count - MostNames} more" : "");
}
