using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>Where the bytes of an entry lie, and whether they are others than its content.</summary>
internal readonly record struct ZipEntry(long Offset, long Length, bool Compressed);

/// <summary>
/// The directory of a zip whose entries are stored as they are: where each lies in the file, so that it can be mapped. A reader of
/// archives gives streams alone. Counts and sizes are held to the file before anything is allocated by them.
/// </summary>
internal static class StoredZip
{
    public const uint LocalSignature = 0x04034b50;
    private const uint EntrySignature = 0x02014b50, EndSignature = 0x06054b50, End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EndLength = 22, End64Length = 56, Locator64Length = 20, EntryLength = 46, LocalLength = 30, LongestComment = ushort.MaxValue;
    private const int LargestDirectory = 16 << 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ModelFormatException">It is no zip, is cut off, or holds what a stored zip does not.</exception>
    public static Dictionary<string, ZipEntry> Read(SafeFileHandle file, string path)
    {
        var (start, length) = FindDirectory(file, path);
        var directory = ReadBytes(file, start, (int)length);
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        for (var rest = directory.AsSpan(); rest.Length > 0;)
        {
            if (rest.Length < EntryLength || UInt32(rest) != EntrySignature)
                throw Damaged(path, "its directory of entries is damaged");
            int nameLength = UInt16(rest[28..]), extraLength = UInt16(rest[30..]), commentLength = UInt16(rest[32..]);
            if (rest.Length < EntryLength + nameLength + extraLength + commentLength)
                throw Damaged(path, "its directory of entries is cut off");
            var name = Name(rest.Slice(EntryLength, nameLength), path);
            var entry = ReadEntry(file, path, name, rest[..EntryLength], rest.Slice(EntryLength + nameLength, extraLength), start);
            if (!entries.TryAdd(name, entry))
                throw Damaged(path, $"{name.Shown()} is in it twice");
            rest = rest[(EntryLength + nameLength + extraLength + commentLength)..];
        }
        RequireApart(path, entries);
        return entries;
    }

    private static (long Start, long Length) FindDirectory(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        var tailStart = Math.Max(0, length - EndLength - LongestComment);
        var tail = ReadBytes(file, tailStart, (int)(length - tailStart));
        var at = tail.Length - EndLength;
        while (at >= 0 && UInt32(tail.AsSpan(at)) != EndSignature)
            at--;
        if (at < 0)
            throw Damaged(path, "the end of the zip is missing");
        var end = tail.AsSpan(at);
        ulong count = UInt16(end[10..]), size = UInt32(end[12..]), start = UInt32(end[16..]);
        var limit = tailStart + at;
        if (count == ushort.MaxValue || size == uint.MaxValue || start == uint.MaxValue)
        {
            if (limit < Locator64Length + End64Length)
                throw Damaged(path, "the end of the zip is damaged");
            var locator = ReadBytes(file, limit - Locator64Length, Locator64Length);
            var end64 = BinaryPrimitives.ReadUInt64LittleEndian(locator.AsSpan(8));
            if (UInt32(locator) != Locator64Signature || end64 > (ulong)(limit - Locator64Length - End64Length))
                throw Damaged(path, "the end of the zip is damaged");
            var record = ReadBytes(file, limit = (long)end64, End64Length);
            if (UInt32(record) != End64Signature)
                throw Damaged(path, "the end of the zip is damaged");
            (size, start) = (BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(40)), BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(48)));
        }
        if (start > (ulong)limit || size > (ulong)limit - start)
            throw Damaged(path, "its directory of entries lies outside the file");
        return size <= LargestDirectory
            ? ((long)start, (long)size)
            : throw new ModelFormatException($"{path}: its directory of entries has {size} bytes; a checkpoint's has at most {LargestDirectory}.");
    }

    private static ZipEntry ReadEntry(SafeFileHandle file, string path, string name, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra, long limit)
    {
        if ((UInt16(entry[8..]) & 1) != 0)
            throw new ModelFormatException($"{path}: {name.Shown()} is encrypted; PyTorch does not write such checkpoints.");
        ulong stored = UInt32(entry[20..]), length = UInt32(entry[24..]), header = UInt32(entry[42..]);
        ReadZip64(extra, ref length, ref stored, ref header);
        var compressed = UInt16(entry[10..]) != 0 || stored != length;
        if (header > (ulong)limit || (ulong)limit - header < LocalLength)
            throw Damaged(path, $"{name.Shown()} lies outside the file");
        var local = ReadBytes(file, (long)header, LocalLength);
        var offset = header + LocalLength + UInt16(local.AsSpan(26)) + (ulong)UInt16(local.AsSpan(28));
        if (UInt32(local) != LocalSignature)
            throw Damaged(path, $"{name.Shown()} does not begin where the directory says");
        return offset <= (ulong)limit && stored <= (ulong)limit - offset
            ? new((long)offset, (long)stored, compressed)
            : throw Damaged(path, $"{name.Shown()} claims {stored} bytes, which lie outside the file");
    }

    /// <summary>Sizes beyond 32 bits: those of the three that are all ones, in this order.</summary>
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref ulong length, ref ulong stored, ref ulong header)
    {
        while (extra.Length >= 4)
        {
            var (tag, size) = (UInt16(extra), UInt16(extra[2..]));
            var body = extra.Slice(4, Math.Min(size, extra.Length - 4));
            if (tag == 1)
            {
                Take(ref body, ref length);
                Take(ref body, ref stored);
                Take(ref body, ref header);
                return;
            }
            extra = extra[(4 + body.Length)..];
        }

        static void Take(ref ReadOnlySpan<byte> body, ref ulong value)
        {
            if (value != uint.MaxValue || body.Length < 8)
                return;
            value = BinaryPrimitives.ReadUInt64LittleEndian(body);
            body = body[8..];
        }
    }

    private static void RequireApart(string path, Dictionary<string, ZipEntry> entries)
    {
        var end = 0L;
        foreach (var (name, (offset, length, _)) in entries.OrderBy(entry => entry.Value.Offset).ThenBy(entry => entry.Value.Length))
        {
            if (offset < end)
                throw Damaged(path, $"{name.Shown()} overlaps another entry");
            end = offset + length;
        }
    }

    private static string Name(ReadOnlySpan<byte> name, string path)
    {
        try
        {
            return Utf8.GetString(name);
        }
        catch (DecoderFallbackException error)
        {
            throw new ModelFormatException($"{path}: an entry's name is no text; the zip is damaged.", error);
        }
    }

    private static byte[] ReadBytes(SafeFileHandle file, long offset, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
            done += RandomAccess.Read(file, bytes.AsSpan(done), offset + done) is > 0 and var read ? read : throw new EndOfStreamException("The file became shorter while it was read.");
        return bytes;
    }

    private static ModelFormatException Damaged(string path, string what) => new($"{path}: {what}; the file is damaged or cut off: download it again.");

    private static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
