using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Classes as they stand in a file, before they are held to be a set.</summary>
/// <param name="Form">The form, in words.</param>
internal sealed record LabelDraft(string Form)
{
    /// <summary>The classes, each with its place in the file.</summary>
    public List<(LabelClass Class, string Place)> Classes { get; init; } = [];

    /// <summary>What a person should know.</summary>
    public List<string> Notes { get; init; } = [];

    public void Add(LabelClass label, string place) => Classes.Add((label, place));
}
