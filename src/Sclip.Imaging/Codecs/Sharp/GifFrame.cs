using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>The first frame of a GIF: the size of its screen, where the frame stands there, and where its data end in the file.</summary>
internal readonly record struct GifFrame(int Width, int Height, int X, int Y, int FrameWidth, int FrameHeight, int End)
{
    private const string Name = "GIF";
    private const int ScreenEnd = 13, DescriptorLength = 10;
    private const byte PaletteFlag = 0x80, Extension = 0x21, Descriptor = 0x2C;

    public static GifFrame Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < ScreenEnd)
            throw Refusal.Damaged(Name);
        var (width, height, flags) = (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]), file[10]);
        limits.Check(width, height);
        var at = ScreenEnd + PaletteBytes(flags);
        while (at + 2 <= file.Length && file[at] == Extension)
            at = BlocksEnd(file, at + 2);
        if (at + DescriptorLength >= file.Length)
            throw Refusal.Damaged(Name);
        if (file[at] != Descriptor)
            throw Refusal.Damaged(Name, "it holds no picture");
        var place = file[(at + 1)..];
        var (x, y) = (BinaryPrimitives.ReadUInt16LittleEndian(place), BinaryPrimitives.ReadUInt16LittleEndian(place[2..]));
        var (frameWidth, frameHeight, frameFlags) = (BinaryPrimitives.ReadUInt16LittleEndian(place[4..]), BinaryPrimitives.ReadUInt16LittleEndian(place[6..]), place[8]);
        if (frameWidth == 0 || frameHeight == 0 || x + frameWidth > width || y + frameHeight > height)
            throw Refusal.Damaged(Name, "its first frame stands outside its screen");
        if (((flags | frameFlags) & PaletteFlag) == 0)
            throw Refusal.Damaged(Name, "it has no palette");
        // Behind the palette stands a byte of how the codes begin.
        var end = BlocksEnd(file, at + DescriptorLength + PaletteBytes(frameFlags) + 1);
        return new GifFrame(width, height, x, y, frameWidth, frameHeight, end);
    }

    /// <summary>Makes RGBA pixels clear that the frame does not hold, which ImageSharp makes black.</summary>
    public void ClearOutside(Span<byte> rgba)
    {
        for (var y = 0; y < Height; y++)
        {
            var row = rgba.Slice(y * Width * 4, Width * 4);
            if (y < Y || y >= Y + FrameHeight)
            {
                row.Clear();
                continue;
            }
            row[..(X * 4)].Clear();
            row[((X + FrameWidth) * 4)..].Clear();
        }
    }

    private static int PaletteBytes(byte flags) => (flags & PaletteFlag) == 0 ? 0 : 3 << (flags & 7) + 1;

    /// <summary>The end of blocks, each of its length and its bytes, behind the empty one.</summary>
    private static int BlocksEnd(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] > 0)
            at += file[at] + 1;
        return at < file.Length ? at + 1 : throw Refusal.Damaged(Name);
    }
}
