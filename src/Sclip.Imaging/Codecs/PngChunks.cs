using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs;

/// <summary>The chunks of a PNG in their order, as far as the file is whole.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    private const int Signature = 8, Header = 8, Checksum = 4;
    private readonly ReadOnlySpan<byte> _file = file;
    private int _next = Signature;

    /// <summary>The chunk that it stands at.</summary>
    public Chunk Current { get; private set; }

    public readonly PngChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        var at = _next;
        if (at + Header + Checksum > _file.Length || BinaryPrimitives.ReadUInt32BigEndian(_file[at..]) is var length && length > _file.Length - at - Header - Checksum)
            return false;
        _next = at + Header + (int)length + Checksum;
        Current = new Chunk(at, _next, _file[at.._next]);
        return true;
    }

    /// <summary>A chunk.</summary>
    /// <param name="start">Where it starts in the file, with its length.</param>
    /// <param name="end">Where it ends, behind its checksum.</param>
    /// <param name="bytes">All of it.</param>
    public readonly ref struct Chunk(int start, int end, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Start { get; } = start;

        public int End { get; } = end;

        public ReadOnlySpan<byte> Content => _bytes[Header..^Checksum];

        /// <summary>Whether a reader that does not know it must refuse the file: its type begins with a capital.</summary>
        public bool IsNeeded => char.IsAsciiLetterUpper((char)_bytes[4]);

        public bool IsOf(ReadOnlySpan<byte> type) => _bytes[4..Header].SequenceEqual(type);
    }
}
