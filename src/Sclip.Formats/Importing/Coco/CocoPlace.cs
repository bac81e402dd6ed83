namespace Sclip.Formats.Importing.Coco;

/// <summary>Where in a COCO file an object lies.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Picture">The number of its picture, or of the id of it.</param>
/// <param name="IsCrowd">Whether it is a crowd.</param>
internal readonly record struct CocoPlace(long Offset, int Length, int Picture = 0, bool IsCrowd = false);
