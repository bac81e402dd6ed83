using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sclip.Formats.Writing;

/// <summary>
/// The parts of a data set. A picture goes by its name alone: it is of the validation part where the first 8 bytes of the SHA-256 of its name (UTF-8),
/// as a share of 2^64, lie below the part's share. So it stays where it is whatever else is exported, in every format and every run.
/// </summary>
internal sealed class Splits(ExportOptions options)
{
    private readonly Dictionary<string, long> _counts = [];

    /// <summary>The names of the parts, also of those that no picture is of.</summary>
    public IReadOnlyList<string> Names { get; } = options.Validation > 0 ? [options.Split, ExportOptions.ValidationSplit] : [options.Split];

    /// <summary>The part that a picture is of.</summary>
    public string Of(string image) => options.Validation > 0 && Share(image) < options.Validation ? ExportOptions.ValidationSplit : options.Split;

    /// <summary>How many of the exported pictures are of each part.</summary>
    public IReadOnlyList<(string Name, long Pictures)> Counts => [.. Names.Select(name => (name, _counts.GetValueOrDefault(name)))];

    /// <summary>Takes note that a picture of a part is exported; called by one thread at a time.</summary>
    public void Add(string split) => _counts[split] = _counts.GetValueOrDefault(split) + 1;

    /// <summary>Where a name lies, 0..1.</summary>
    private static double Share(string image)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(image), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest) / Math.Pow(2, 64);
    }
}
