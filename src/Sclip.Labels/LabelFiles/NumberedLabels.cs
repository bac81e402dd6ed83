using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Classes that have ids: taken in their order, and told where the ids are not the values in masks.</summary>
internal static class NumberedLabels
{
    /// <summary>Classes that may have ids: by them where all have one, else as they stand.</summary>
    /// <exception cref="LabelSetException">Two have the same id.</exception>
    public static LabelDraft DraftIfAll(string form, IReadOnlyList<(long? Id, LabelClass Class, string Place)> classes, string source) => classes.All(item => item.Id is not null)
        ? Draft(form, classes.Select(item => (item.Id!.Value, item.Class, item.Place)), source)
        : new LabelDraft(form) { Classes = [.. classes.Select(item => (item.Class, item.Place))] };

    /// <exception cref="LabelSetException">Two have the same id.</exception>
    public static LabelDraft Draft(string form, IEnumerable<(long Id, LabelClass Class, string Place)> classes, string source)
    {
        var ordered = classes.OrderBy(item => item.Id).ToArray();
        for (var i = 1; i < ordered.Length; i++)
            if (ordered[i].Id == ordered[i - 1].Id)
                throw new LabelSetException($"{source}: {ordered[i - 1].Place} and {ordered[i].Place} have the same id {ordered[i].Id}.");
        var draft = new LabelDraft(form) { Classes = [.. ordered.Select(item => (item.Class, item.Place))] };
        if (ordered.Length > 0 && (ordered[0].Id, ordered[^1].Id) is var (first, last) && (first != 0 || last != ordered.Length - 1))
        {
            var gaps = last - first + 1 - ordered.Length;
            draft.Notes.Add($"The ids are {first} to {last}{(gaps > 0 ? $", {gaps} of them missing" : "")}; in masks the classes are 0 to {ordered.Length - 1}, in the order of their ids.");
        }
        return draft;
    }
}
