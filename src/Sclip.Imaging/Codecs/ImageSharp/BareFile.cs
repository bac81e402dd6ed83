namespace Sclip.Imaging.Codecs.ImageSharp;

/// <summary>
/// A file reduced to the parts that make its picture. ImageSharp mends what it can of a damaged file and chokes on odd metadata: it gets files
/// of sound structure, within the limits, without metadata.
/// </summary>
/// <param name="Format">The format's name.</param>
/// <param name="Content">The reduced file.</param>
/// <param name="Width">Width in pixels, as the header says.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="HasAlpha">Whether there is transparency.</param>
internal sealed record BareFile(string Format, MemoryStream Content, int Width, int Height, bool HasAlpha);
