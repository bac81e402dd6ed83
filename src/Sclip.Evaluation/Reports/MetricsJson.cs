using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Predictions;

namespace Sclip.Evaluation.Reports;

/// <summary>The measures as JSON, for scripts; shares are 0..1, null where a class has none.</summary>
public static class MetricsJson
{
    // Names keep their letters; the file is no markup.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document, with a line end.</summary>
    public static void Write(Stream output, EvaluationResult result)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            Share(json, "mIoU", result.Areas.MeanIou);
            Share(json, "mAcc", result.Areas.MeanAccuracy);
            Share(json, "aAcc", result.Areas.OverallAccuracy);
            json.WriteNumber("pictures", result.Match.Pairs);
            json.WriteNumber("pixels", result.Areas.Pixels);
            json.WriteNumber("ignored_pixels", result.Areas.Ignored);
            json.WriteNumber("ignored_share", result.Areas.IgnoredShare);
            Ids(json, "ids", result.Settings.TruthIds);
            Ids(json, "prediction_ids", result.Settings.PredictionIds);
            if (result.Settings.Ignore is { } ignore)
                json.WriteNumber("ignore", ignore);
            else
                json.WriteNull("ignore");
            json.WriteBoolean("reduce_zero_label", result.Settings.ReduceZeroLabel);
            Names(json, "without_ground_truth", result.Match.WithoutTruth);
            Names(json, "without_prediction", result.Match.WithoutPrediction);
            Names(json, "failed", result.Match.Failed);
            json.WriteStartArray("notices");
            foreach (var notice in result.Notices)
                json.WriteStringValue(notice);
            json.WriteEndArray();
            json.WriteStartArray("classes");
            for (var i = 0; i < result.Classes.Count; i++)
                Class(json, result, i);
            json.WriteEndArray();
            json.WriteStartArray("worst");
            foreach (var score in result.Worst)
            {
                json.WriteStartObject();
                json.WriteString("picture", score.Picture);
                Share(json, "mIoU", score.MeanIou);
                Share(json, "aAcc", score.OverallAccuracy);
                json.WriteNumber("pixels", score.Pixels);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void Class(Utf8JsonWriter json, EvaluationResult result, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("id", result.Classes[index].Id);
        json.WriteString("name", result.Classes[index].Name);
        Share(json, "IoU", result.Areas.Iou(index));
        Share(json, "Acc", result.Areas.Accuracy(index));
        json.WriteNumber("intersection", result.Areas.Intersection[index]);
        json.WriteNumber("ground_truth", result.Areas.Truth[index]);
        json.WriteNumber("prediction", result.Areas.Prediction[index]);
        json.WriteEndObject();
    }

    private static void Ids(Utf8JsonWriter json, string name, IReadOnlyDictionary<int, int>? ids)
    {
        json.WriteStartObject(name);
        foreach (var (id, meant) in ids ?? new Dictionary<int, int>())
            json.WriteNumber(id.ToString(CultureInfo.InvariantCulture), meant);
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string name, NameSample names)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", names.Count);
        json.WriteStartArray("first");
        foreach (var text in names.First)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Share(Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } value && !double.IsNaN(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
