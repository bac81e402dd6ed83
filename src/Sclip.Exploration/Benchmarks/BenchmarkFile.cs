using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Evaluation;
using Sclip.Evaluation.Datasets;
using Sclip.Labels;

namespace Sclip.Exploration.Benchmarks;

/// <summary>
/// A benchmark on disk: its settings, how far it is, and the confusion matrix of each configuration, so that it goes on where it was interrupted. It is
/// replaced as a whole: whenever the machine stops, there is the file before or the one after.
/// </summary>
/// <param name="path">The file.</param>
public sealed class BenchmarkFile(string path)
{
    /// <summary>Where it lies.</summary>
    public string Path { get; } = path;

    /// <summary>Reads it; null where there is none.</summary>
    /// <exception cref="EvaluationException">It cannot be read, or is no such file.</exception>
    public (JsonObject Settings, BenchmarkState State)? Load()
    {
        if (!File.Exists(Path))
            return null;
        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(Path))!.AsObject();
            var classes = root["classes"]!.GetValue<int>();
            var ignored = root["ignored_pixels"]?.GetValue<long>();
            // In files a configuration is called a way, as it always was.
            var state = new BenchmarkState(root["ways"]!.AsArray().Select(item => (item!["way"]!.GetValue<string>(), Matrix(item["pixels"]!.AsArray(), classes, ignored ?? 0))), classes)
            {
                KnowsIgnored = ignored is not null,
                KnownFiles = root["files"]?.GetValue<string>() is { } files ? [.. MemoryMarshal.Cast<byte, ulong>(Convert.FromBase64String(files))] : null,
                Position = root["position"]!.GetValue<int>(),
                Failed = root["failed"]!.GetValue<int>(),
                Seconds = root["seconds"]!.GetValue<double>(),
            };
            foreach (var failure in root["failures"]!.AsArray())
                state.Add(new BenchmarkFailure(failure!["picture"]!.GetValue<string>(), failure["error"]!.GetValue<string>()));
            return (root["settings"]!.AsObject(), state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            var reason = error is IOException or UnauthorizedAccessException ? $"cannot be read: {error.Message}" : "is damaged, or no benchmark's.";
            throw new EvaluationException($"{Path} {reason} Use another --out, or --force to start over.", error);
        }
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="EvaluationException">It cannot be written.</exception>
    public void Save(JsonObject settings, BenchmarkState state)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            using (var file = new FileStream(Path + ".part", FileMode.Create, FileAccess.Write))
            {
                using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, MaxDepth = 16 }))
                    Write(writer, settings, state);
                file.Flush(flushToDisk: true);
            }
            File.Move(Path + ".part", Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{Path} cannot be written: {error.Message}", error);
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonObject settings, BenchmarkState state)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("settings");
        settings.WriteTo(writer);
        writer.WriteNumber("position", state.Position);
        writer.WriteNumber("failed", state.Failed);
        writer.WriteNumber("seconds", state.Seconds);
        if (state.Ignored is { } ignored)
        {
            writer.WriteNumber("ignored_pixels", ignored);
            writer.WriteNumber("ignored_share", state.Matrices[0].Matrix.Areas().IgnoredShare);
        }
        writer.WriteStartArray("failures");
        foreach (var (picture, error) in state.Failures)
        {
            writer.WriteStartObject();
            writer.WriteString("picture", picture);
            writer.WriteString("error", error);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        // 64 bits a picture.
        if (state.KnownFiles is { } files)
            writer.WriteBase64String("files", MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(files)));
        writer.WriteNumber("classes", state.Classes);
        writer.WriteStartArray("ways");
        foreach (var (configuration, matrix) in state.Matrices)
        {
            writer.WriteStartObject();
            writer.WriteString("way", configuration);
            foreach (var (name, figure) in ((string, double)[])[("miou", matrix.MeanIou), ("macc", matrix.MeanAccuracy), ("aacc", matrix.OverallAccuracy)])
                if (double.IsFinite(figure))
                    writer.WriteNumber(name, figure);
            // A row a class of the ground truth, a column a class of the labels, as one line: millions of lines are for nobody.
            writer.WritePropertyName("pixels");
            writer.WriteRawValue($"[{string.Join(',', Enumerable.Range(0, state.Classes * state.Classes).Select(i => matrix[i / state.Classes, i % state.Classes]))}]");
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ConfusionMatrix Matrix(JsonArray pixels, int classes, long ignored) =>
        pixels.Count == classes * classes
            ? ConfusionMatrix.Of(classes, [.. pixels.Select(count => count!.GetValue<long>())], LabelTable.Ignored, ignored)
            : throw new FormatException($"A matrix of {classes} classes has {pixels.Count} numbers.");
}
