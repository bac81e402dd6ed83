namespace Sclip.Formats.Writing;

/// <summary>A file that a picture has for itself.</summary>
/// <param name="Name">Its name in the export.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record PictureFile(string Name, ReadOnlyMemory<byte> Bytes);
