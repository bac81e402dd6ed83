using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Reads how large a picture is once it is upright, without decoding it where it is a JPEG or PNG.</summary>
public static class PictureSize
{
    private const int Head = 1 << 16;

    /// <summary>Reads a picture's size: of a JPEG from its beginning alone.</summary>
    /// <param name="path">The picture.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <exception cref="ImageDecodeException">The file is no picture that is read, is damaged, or exceeds a limit.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (int Width, int Height) Read(string path, ImageLimits limits)
    {
        using var file = File.OpenRead(path);
        if (file.Length > limits.MaxFileBytes)
            throw new ImageDecodeException($"the file has {file.Length} bytes, more than the limit of {limits.MaxFileBytes} (--max-file-size).");
        // What stands before a JPEG's size may be long: a profile, a preview.
        for (var length = (int)Math.Min(Head, file.Length); ; length = (int)Math.Min(length * 8L, file.Length))
        {
            var bytes = new byte[length];
            file.Position = 0;
            file.ReadExactly(bytes);
            if (Find(bytes, isWhole: length == file.Length) is { } size)
            {
                limits.Check(size.Width, size.Height);
                return size;
            }
            if (length == file.Length)
            {
                var image = ImageDecoder.Decode(bytes, limits);
                return (image.Width, image.Height);
            }
        }
    }

    /// <summary>What is told by a beginning; how a PNG is turned may stand behind its pixels.</summary>
    private static (int Width, int Height)? Find(ReadOnlySpan<byte> bytes, bool isWhole) =>
        FileKinds.Of(bytes) is FileKind.Jpeg || (FileKinds.Of(bytes) is FileKind.Png && isWhole) ? PictureHead.Read(bytes).Upright : null;
}
