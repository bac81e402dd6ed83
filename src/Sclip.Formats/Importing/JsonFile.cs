using System.Text.Json;
using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Formats.Importing;

/// <summary>Reads a JSON file of any size token by token; no more of it is held than the largest token.</summary>
internal static class JsonFile
{
    private const int UsualBuffer = 1 << 18;

    /// <summary>Goes through a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="visitor">Is told of each token.</param>
    /// <param name="limits">What a file of a picture, and so a token, may be at most.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    /// <exception cref="ImportException">It is no JSON; the message says where.</exception>
    public static void Read(string path, IJsonVisitor visitor, ImageLimits limits, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[UsualBuffer];
        var (length, offset, isFirst, state) = (0, 0L, true, new JsonReaderState());
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = stream.ReadAtLeast(buffer.AsSpan(length), 1, throwOnEndOfStream: false);
                length += read;
                if (isFirst && buffer.AsSpan(0, length) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
                    throw new ImportException($"{path} is UTF-16; save it as UTF-8.");
                // A byte-order mark is none of JSON's.
                var start = isFirst && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
                isFirst = false;
                var reader = new Utf8JsonReader(buffer.AsSpan(start, length - start), isFinalBlock: read == 0, state);
                while (reader.Read())
                    if (!visitor.Visit(ref reader, offset + start + reader.TokenStartIndex))
                        return;
                if (read == 0)
                    return;
                var consumed = start + (int)reader.BytesConsumed;
                (state, offset) = (reader.CurrentState, offset + consumed);
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
                if (length < buffer.Length)
                    continue;
                if (length >= Math.Min(limits.MaxFileBytes, Array.MaxLength / 2))
                    throw new ImportException($"{path}: a value that begins at byte {offset + 1} is larger than {length} bytes, which is more than a picture's may be.");
                Array.Resize(ref buffer, 2 * length);
            }
        }
        catch (JsonException error)
        {
            throw Damaged(path, error);
        }
        catch (InvalidOperationException error)
        {
            // A text is decoded where it is asked for.
            throw new ImportException($"{path}: it is damaged: a text behind byte {offset} is no valid Unicode.", error);
        }
    }

    /// <summary>A file that is no JSON.</summary>
    private static ImportException Damaged(string path, JsonException error) =>
        new($"{path}: it is damaged{JsonPlace.Of(error)}: {JsonReason.Of(error) ?? "it breaks JSON's rules"}.", error);
}
