using Sclip.Formats.Regions;

namespace Sclip.Formats.Writing;

/// <summary>A picture as it stands in an export.</summary>
/// <param name="Files">The files that it has for itself.</param>
/// <param name="AddAsync">Adds it to the files that all pictures share; called for one picture after the other, in the order of the results.</param>
/// <param name="AddPictureAsync">The same for formats that hold the pictures themselves: with the picture's file, null where it is not at hand.</param>
/// <param name="Key">What it is known by where its files' names are not it; no other picture may have the same.</param>
/// <param name="Loss">What its polygons have otherwise than its mask.</param>
internal sealed record EncodedPicture(
    IReadOnlyList<PictureFile> Files, Func<CancellationToken, Task>? AddAsync = null, Func<byte[]?, CancellationToken, Task>? AddPictureAsync = null, string? Key = null, PolygonLoss Loss = default);
