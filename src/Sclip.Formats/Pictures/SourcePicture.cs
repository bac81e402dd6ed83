namespace Sclip.Formats.Pictures;

/// <summary>A picture as it was labelled.</summary>
/// <param name="Bytes">Its file.</param>
/// <param name="Path">Where it lies on this machine; null where it does not.</param>
public sealed record SourcePicture(byte[] Bytes, string? Path);
