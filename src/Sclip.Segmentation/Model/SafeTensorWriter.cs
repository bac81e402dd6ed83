using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Segmentation;

/// <summary>Writes a safetensors file: the header's length, the header, and the tensors' values without gaps.</summary>
internal static class SafeTensorWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors; those of wide values come first, so that all are aligned, and those of one width by their names.</summary>
    public static void Write(Stream output, IEnumerable<CheckpointTensor> tensors, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        CheckpointTensor[] ordered = [.. tensors.OrderByDescending(tensor => tensor.ValueBytes).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        var header = Header(ordered);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        output.Write(length);
        output.Write(header);
        var (written, total) = (0L, ordered.Sum(tensor => tensor.Bytes));
        foreach (var tensor in ordered)
        {
            tensor.CopyTo(output, cancellationToken);
            progress?.Invoke(written += tensor.Bytes, total);
        }
    }

    private static byte[] Header(CheckpointTensor[] tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        // By this, libraries of PyTorch's world know whose names the tensors have.
        json.WriteStartObject(SafeTensors.Metadata);
        json.WriteString("format", "pt");
        json.WriteString(SafeTensors.ConverterKey, "sclip");
        json.WriteEndObject();
        var end = 0L;
        foreach (var tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type);
            WriteNumbers(json, "shape", tensor.Shape.Select(axis => (long)axis));
            WriteNumbers(json, "data_offsets", [end, end += tensor.Bytes]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        var padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
