namespace Sclip.Labels;

/// <summary>A label set as it was read.</summary>
/// <param name="Set">The classes.</param>
/// <param name="Form">The form they were written in, in words: <c>text</c>, <c>COCO categories</c>, …</param>
/// <param name="Notes">What a person should know of how it was read: ids that are not the values in masks, keys that were passed over.</param>
public sealed record ReadLabels(LabelSet Set, string Form, IReadOnlyList<string> Notes);
