using System.Collections.ObjectModel;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Classes that bring along what a person should know of how they were read, so that it gets into the job that they are of.</summary>
/// <param name="classes">The classes.</param>
/// <param name="notes">What should be known; see <see cref="ReadLabels.Notes"/>.</param>
public sealed class NotedClasses(IList<LabelClass> classes, IReadOnlyList<string> notes) : ReadOnlyCollection<LabelClass>(classes)
{
    private const int LongestNote = 500;

    /// <summary>What should be known, as it may be shown: keys of a file that it tells may be of any length and letters.</summary>
    public IReadOnlyList<string> Notes { get; } = [.. notes.Select(Shown)];

    /// <summary>What should be known of some classes; nothing of those that bring nothing along.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<LabelClass> classes) => (classes as NotedClasses)?.Notes ?? [];

    private static string Shown(string note)
    {
        var clean = string.Concat(note.Take(LongestNote).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
        return clean.Length < note.Length ? clean + "…" : clean;
    }
}
