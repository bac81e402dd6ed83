using System.IO.Compression;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>Whether a PNG holds all of its pixels: ImageSharp leaves rows that are not there black without a word, and a mask of black would be a wrong label.</summary>
internal static class PngData
{
    private const string Name = "PNG";
    private const int HeaderAt = 8, BufferBytes = 1 << 16;

    private static readonly (int X, int Y, int StepX, int StepY)[] Whole = [(0, 0, 1, 1)];
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Refuses a file whose header is damaged, that has a chunk which is unknown and needed, or fewer bytes than its pixels.</summary>
    /// <param name="file">The file; its header fits the limits.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixelBits">Bits a pixel.</param>
    /// <param name="isInterlaced">Whether the rows come in seven passes.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    /// <exception cref="ImageDecodeException">It is such a file.</exception>
    public static void RequireWhole(ReadOnlySpan<byte> file, int width, int height, int pixelBits, bool isInterlaced, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream();
        var isEnded = false;
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.IsNeeded && !(chunk.IsOf("IHDR"u8) || chunk.IsOf("PLTE"u8) || chunk.IsOf("IDAT"u8) || chunk.IsOf("IEND"u8)))
                throw Refusal.Damaged(Name, "it has a chunk that is needed and unknown");
            // The decoder would go by the last of several, of which nothing was checked.
            if (chunk.IsOf("IHDR"u8) && chunk.Start != HeaderAt)
                throw Refusal.Damaged(Name, "its header is there twice");
            if (chunk.IsOf("IHDR"u8) && !PngChunk.HasChecksum(file[chunk.Start..chunk.End]))
                throw Refusal.Damaged(Name, "the checksum of its header is wrong");
            if (chunk.IsOf("IDAT"u8))
                data.Write(chunk.Content);
            isEnded = chunk.IsOf("IEND"u8);
            if (isEnded)
                break;
        }
        if (!isEnded)
            throw Refusal.Damaged(Name, "the end is missing");
        data.Position = 0;
        if (!Holds(data, (isInterlaced ? Adam7 : Whole).Sum(pass => PassBytes(pass, width, height, pixelBits)), cancellationToken))
            throw Refusal.Damaged(Name, "it ends before its pixels");
    }

    /// <summary>Bytes of a pass's rows; each begins with the byte of its filter.</summary>
    private static long PassBytes((int X, int Y, int StepX, int StepY) pass, int width, int height, int pixelBits)
    {
        var (columns, rows) = ((width - pass.X + pass.StepX - 1) / pass.StepX, (height - pass.Y + pass.StepY - 1) / pass.StepY);
        return columns <= 0 || rows <= 0 ? 0 : rows * (1 + ((long)columns * pixelBits + 7) / 8);
    }

    private static bool Holds(Stream packed, long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            using var data = new ZLibStream(packed, CompressionMode.Decompress);
            for (; bytes > 0; cancellationToken.ThrowIfCancellationRequested())
            {
                var read = data.Read(buffer);
                if (read == 0)
                    return false;
                bytes -= read;
            }
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return false;
        }
    }
}
