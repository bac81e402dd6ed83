using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Where a label set is likely not what was meant. Nothing of it stops a job.</summary>
public static partial class LabelWarnings
{
    private const double NearlyAll = 0.9;
    private const int FewPictures = 5;
    private const int Named = 3;

    private static readonly string[] Headers =
        ["name", "names", "class", "classes", "class name", "class_name", "classname", "label", "labels", "label_name", "category", "categories", "id", "index", "color", "colour"];

    /// <summary>What can be seen of the classes alone.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<LabelClass> classes)
    {
        var warnings = new List<string>();
        if (classes is [var only])
            warnings.Add($"There is one class, '{only.Name}'{(only.Synonyms.Count > 0 ? $" with {only.Synonyms.Count} synonyms" : "")}, and every pixel takes it. "
                + (only.Synonyms.Count > 0 ? "Where they are classes, each goes on a line of its own." : "Name what else is in the pictures, or a background."));
        string[] names = [.. classes.SelectMany(label => label.AllNames)];
        Warn(name => Headers.Contains(name, StringComparer.OrdinalIgnoreCase) || TableColumns.IsForeign(name), "reads like the header of a table", "leave it out where it is one");
        Warn(Path().IsMatch, "reads like a path or an address", "write what is seen");
        Warn(Number().IsMatch, "reads like a number or an id", "write what is seen");
        Warn(name => name.Contains('_', StringComparison.Ordinal), "has an underscore, and is asked as it stands", "write a space where one is meant");
        Warn(name => Slash().IsMatch(name) && !Path().IsMatch(name), "has a slash, and is asked as it stands", "write synonyms as names of their own");
        Warn(Sentence().IsMatch, "reads like a sentence", "name what is seen in a few words");
        WarnOfColors();
        return warnings;

        void WarnOfColors()
        {
            var shared = classes.Where(label => label.Color is not null).GroupBy(label => label.Color!.Value, label => $"'{label.Name}'").Where(group => group.Count() > 1).ToArray();
            foreach (var group in shared.Take(Named))
                warnings.Add($"{Joined([.. group])} have the same colour {group.Key}: pictures show them as one.");
            if (shared.Length > Named)
                warnings.Add($"{shared.Length - Named} more colours are those of several classes.");
        }

        void Warn(Func<string, bool> isSo, string what, string advice)
        {
            var found = Array.FindAll(names, name => isSo(name));
            if (found.Length > 0)
                warnings.Add($"{string.Join(", ", found.Take(Named).Select(name => $"'{name}'"))}{(found.Length > Named ? $" and {found.Length - Named} more" : "")}: {what}; {advice}.");
        }
    }

    /// <summary>What can be seen of the classes, and of what they took.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="pixels">Pixels of each class, by its name.</param>
    /// <param name="pictures">Pictures that have them.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<LabelClass> classes, IReadOnlyDictionary<string, long> pixels, long pictures)
    {
        var warnings = Of(classes);
        var all = pixels.Values.Sum();
        if (classes.Count < 2 || pictures <= FewPictures || all == 0)
            return warnings;
        var (name, most) = pixels.MaxBy(item => item.Value);
        if (most <= NearlyAll * all)
            return warnings;
        var share = (100.0 * most / all).ToString("0.0", CultureInfo.InvariantCulture);
        return [.. warnings, $"'{name}' has {share} % of all pixels of {pictures} pictures. Every pixel takes the class that suits it best: see whether what else is in the pictures is named."];
    }

    private static string Joined(string[] names) =>
        names.Length > Named ? $"{string.Join(", ", names[..Named])} and {names.Length - Named} more" : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    [GeneratedRegex(@"^[~.]{0,2}[/\\]|[/\\].*[/\\]|://|\.(?:txt|csv|tsv|json|ya?ml|xml|pbtxt|" + PictureEndings.Pattern + @"|names)$", RegexOptions.IgnoreCase)]
    private static partial Regex Path();

    [GeneratedRegex(@"[/\\]")]
    private static partial Regex Slash();

    [GeneratedRegex(@"^\S+(?:\s+\S+){7,}$|^\S+(?:\s+\S+){2,}(?<=\p{Ll}{3})[.!?]$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^[\d.,:#-]+$|^#[0-9a-f]{6}$|^n\d{8}\b|^0\d*[ .:)]", RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}
