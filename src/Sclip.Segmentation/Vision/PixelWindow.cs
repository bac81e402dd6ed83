namespace Sclip.Segmentation.Vision;

/// <summary>A window of a picture: interleaved 8-bit RGB <c>[*, pictureWidth, 3]</c> and the part of it that the window covers, in pixels.</summary>
internal readonly record struct PixelWindow(ReadOnlyMemory<byte> Rgb, int PictureWidth, int Y, int X, int Height, int Width);
