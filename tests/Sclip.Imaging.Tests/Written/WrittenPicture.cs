namespace Sclip.Imaging.Tests.Written;

/// <summary>A file written byte by byte in the tests, and the pixels that it must come out as.</summary>
/// <param name="File">The file.</param>
/// <param name="Pixels">The pixels, upright, transparency laid over white.</param>
/// <param name="Tolerance">How far a value may be off: 1 where levels of less than 8 bits are spread over 256.</param>
internal sealed record WrittenPicture(byte[] File, RgbImage Pixels, int Tolerance = 0);
