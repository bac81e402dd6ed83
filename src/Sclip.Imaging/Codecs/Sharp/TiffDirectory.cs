using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>The first directory of a TIFF: its entries' numbers by their tags.</summary>
internal readonly ref struct TiffDirectory
{
    private const int EntryLength = 12, MostNumbers = 1 << 20;
    private readonly ReadOnlySpan<byte> _file, _entries;
    private readonly bool _isLittle;

    /// <exception cref="ImageDecodeException">It lies outside the file.</exception>
    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        _file = file;
        _isLittle = file[0] == 'I';
        if (file.Length < 8 || Long(file[4..]) is var at && at > file.Length - 2 || Short(file[(int)at..]) * EntryLength is var bytes && at + 2 + bytes + 4 > file.Length)
            throw Refusal.Damaged("TIFF", "its directory lies outside the file");
        _entries = file.Slice((int)at + 2, bytes);
        NextAt = (int)at + 2 + bytes;
    }

    /// <summary>Where it says where the next page's directory is.</summary>
    public int NextAt { get; }

    /// <summary>A copy of the file that has another number of 16 bits for a tag that has one.</summary>
    public byte[] With(int tag, ushort number)
    {
        var file = _file.ToArray();
        for (var at = NextAt - _entries.Length; at < NextAt; at += EntryLength)
            if (Short(_file[at..]) == tag)
            {
                Span<byte> entry = file.AsSpan(at + 2, EntryLength - 2);
                entry.Clear();
                // Of type 3, one of it.
                if (_isLittle)
                    (entry[0], entry[2], entry[6], entry[7]) = (3, 1, (byte)number, (byte)(number >> 8));
                else
                    (entry[1], entry[5], entry[6], entry[7]) = (3, 1, (byte)(number >> 8), (byte)number);
            }
        return file;
    }

    /// <summary>The numbers of a tag, of 8, 16 or 32 bits; none where it is not there.</summary>
    /// <exception cref="ImageDecodeException">They lie outside the file, or are of another kind.</exception>
    public long[] Numbers(int tag)
    {
        for (var rest = _entries; rest.Length > 0; rest = rest[EntryLength..])
        {
            if (Short(rest) != tag)
                continue;
            var (type, count) = (Short(rest[2..]), Long(rest[4..]));
            var size = type switch { 1 => 1, 3 => 2, 4 => 4, _ => throw Refusal.Damaged("TIFF", $"entry {tag} is of type {type}") };
            var bytes = rest.Slice(8, 4);
            if (count > MostNumbers)
                throw Refusal.Damaged("TIFF", $"entry {tag} has {count} numbers");
            if (count * size > 4)
                bytes = Long(bytes) is var at && at + count * size <= _file.Length ? _file[(int)at..] : throw Refusal.Damaged("TIFF", $"entry {tag} lies outside the file");
            var numbers = new long[count];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = size switch { 1 => bytes[i], 2 => Short(bytes[(2 * i)..]), _ => Long(bytes[(4 * i)..]) };
            return numbers;
        }
        return [];
    }

    private int Short(ReadOnlySpan<byte> bytes) => _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private long Long(ReadOnlySpan<byte> bytes) => _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
