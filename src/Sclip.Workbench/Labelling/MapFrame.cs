using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Labelling;

/// <summary>
/// Maps of several pictures as one answer: four bytes length of the header, the header as JSON, then the maps' values, row by row. A page that draws them
/// needs no decoder, and no address for each of them.
/// </summary>
internal sealed class MapFrame
{
    private const int LeastSide = 64;
    private const int MostSide = 2048;
    private const int Alignment = 4;

    // A map of them takes 50 MB, and is held once more while it is sent.
    private const long MostPixels = 24_000_000;

    private readonly List<FramePicture> _pictures = [];
    private readonly MemoryStream _values = new();
    private FrameHeader? _header;

    /// <summary>The header, once it is finished.</summary>
    public FrameHeader Header => _header ?? throw new InvalidOperationException("The frame is not finished.");

    /// <exception cref="WorkbenchException">It is out of range.</exception>
    public static void CheckSide(int side)
    {
        if (side is < LeastSide or > MostSide)
            throw new WorkbenchException(400, $"side must lie in {LeastSide}..{MostSide} pixels; it is {side}.");
    }

    /// <exception cref="WorkbenchException">Maps of these pictures would be more than is made at once.</exception>
    public static void CheckSize(IEnumerable<SessionPicture> pictures, int side)
    {
        if (pictures.Sum(picture => Fit(picture.Size, side) is var (width, height) ? (long)width * height : 0) is > MostPixels and var pixels)
            throw new WorkbenchException(400, $"The maps would have {pixels / 1_000_000} million pixels, and {MostPixels / 1_000_000} million are made at once: ask for fewer pictures, or a smaller side.");
    }

    /// <summary>The size of a map whose long side has at most so many pixels.</summary>
    public static (int Width, int Height) Fit((int Width, int Height) size, int side)
    {
        var scale = Math.Min(1.0, (double)side / Math.Max(size.Width, size.Height));
        return (Math.Max(1, (int)Math.Round(size.Width * scale)), Math.Max(1, (int)Math.Round(size.Height * scale)));
    }

    /// <summary>Adds a label map.</summary>
    public void Add(int index, int width, int height, ushort[] labels, long[] pixels)
    {
        _pictures.Add(new FramePicture(index, width, height, _values.Length) { Pixels = pixels });
        _values.Write(MemoryMarshal.AsBytes<ushort>(labels));
        Align();
    }

    /// <summary>Adds a map of bytes.</summary>
    public void Add(int index, int width, int height, byte[] values, float highest)
    {
        _pictures.Add(new FramePicture(index, width, height, _values.Length) { Highest = Math.Round(highest, 4) });
        _values.Write(values);
        Align();
    }

    /// <summary>Ends it.</summary>
    public void Finish(IReadOnlyList<string> draft, TimeSpan time) => _header = new FrameHeader(_pictures, Math.Round(time.TotalMilliseconds, 1)) { Draft = draft };

    /// <summary>Ends one of cosines, which are 0 at the one and 255 at the other.</summary>
    public void Finish(double low, double high, TimeSpan time) => _header = new FrameHeader(_pictures, Math.Round(time.TotalMilliseconds, 1)) { Low = low, High = high };

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(Header, FrameJson.Default.FrameHeader);
        var padding = (Alignment - header.Length % Alignment) % Alignment;
        var start = new byte[sizeof(int) + header.Length + padding];
        BinaryPrimitives.WriteInt32LittleEndian(start, header.Length + padding);
        header.CopyTo(start, sizeof(int));
        start.AsSpan(sizeof(int) + header.Length).Fill((byte)' ');
        await target.WriteAsync(start, cancellationToken);
        await target.WriteAsync(_values.GetBuffer().AsMemory(0, (int)_values.Length), cancellationToken);
    }

    private void Align()
    {
        while (_values.Length % Alignment != 0)
            _values.WriteByte(0);
    }
}

/// <summary>What stands before the maps.</summary>
internal sealed record FrameHeader(IReadOnlyList<FramePicture> Pictures, double Ms)
{
    /// <summary>Names that were embedded by a few templates only.</summary>
    public IReadOnlyList<string>? Draft { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }
}

/// <summary>One map.</summary>
/// <param name="Index">The picture's place.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Offset">Where its values begin, in bytes behind the header.</param>
internal sealed record FramePicture(int Index, int Width, int Height, long Offset)
{
    /// <summary>Pixels of each class.</summary>
    public long[]? Pixels { get; init; }

    /// <summary>The highest cosine.</summary>
    public double? Highest { get; init; }
}

/// <summary>Headers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FrameHeader))]
internal sealed partial class FrameJson : JsonSerializerContext;
