using Sclip.Contracts;

namespace Sclip.Formats.Importing.Coco;

/// <summary>A category of a COCO file.</summary>
/// <param name="Id">Its id, as a text.</param>
/// <param name="Class">Its class.</param>
/// <param name="IsStuff">Whether it is said to be stuff.</param>
/// <param name="Above">What it is said to be a kind of; null where nothing is said.</param>
internal sealed record CocoCategory(string Id, LabelClass Class, bool IsStuff, string? Above);
