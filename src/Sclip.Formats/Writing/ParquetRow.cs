namespace Sclip.Formats.Writing;

/// <summary>A row of a data set of pictures and masks.</summary>
/// <param name="Image">The picture's file; null where it is not at hand.</param>
/// <param name="ImagePath">The picture's name.</param>
/// <param name="Label">The mask's file.</param>
/// <param name="LabelPath">The mask's name.</param>
internal sealed record ParquetRow(byte[]? Image, string ImagePath, byte[] Label, string LabelPath)
{
    public long Bytes => Label.Length + (Image?.Length ?? 0);
}
