using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Formats.Regions;

namespace Sclip.Formats.Writing;

/// <summary>JSON as exports have it: names as they are, in UTF-8.</summary>
internal static class JsonText
{
    private const int FlushBytes = 1 << 16;

    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A value as bytes.</summary>
    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes on to the file once there is enough, so that memory stays as it is.</summary>
    public static Task FlushIfLargeAsync(this Utf8JsonWriter json, CancellationToken cancellationToken) =>
        json.BytesPending >= FlushBytes ? json.FlushAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>A coordinate: to a hundredth, and whole ones without a point.</summary>
    public static double Rounded(double coordinate) => Math.Round(coordinate, 2);

    /// <summary>Bounds as COCO has them: left, top, width, height.</summary>
    public static void WriteBox(this Utf8JsonWriter json, Box box)
    {
        json.WriteStartArray("bbox");
        json.WriteNumberValue(box.Left);
        json.WriteNumberValue(box.Top);
        json.WriteNumberValue(box.Width);
        json.WriteNumberValue(box.Height);
        json.WriteEndArray();
    }

    /// <summary>A colour as an array of red, green and blue.</summary>
    public static void WriteColor(this Utf8JsonWriter json, RgbColor color)
    {
        json.WriteStartArray();
        json.WriteNumberValue(color.R);
        json.WriteNumberValue(color.G);
        json.WriteNumberValue(color.B);
        json.WriteEndArray();
    }
}
