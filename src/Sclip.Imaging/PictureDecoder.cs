namespace Sclip.Imaging;

/// <summary>Decodes a file, as <see cref="ImageDecoder.Decode"/> does.</summary>
public delegate RgbImage PictureDecoder(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken);
