namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>What a file's header says, found sound and within the limits.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="HasAlpha">Whether the fourth value of a pixel is its transparency: ImageSharp takes it for that in more files than those that say so.</param>
/// <param name="Is16Bit">Whether a value has 16 bits.</param>
/// <param name="WorkingBytes">Bytes a pixel that decoding takes beside the pixels themselves.</param>
internal readonly record struct SharpHeader(int Width, int Height, bool HasAlpha, bool Is16Bit = false, int WorkingBytes = 0);
