using System.Globalization;
using Sclip.Evaluation.Metrics;

namespace Sclip.Evaluation.Reports;

/// <summary>The confusion matrix as CSV (RFC 4180): pixels, a row a class of the ground truth, a column a class of the predictions.</summary>
public static class ConfusionCsv
{
    private const string LineEnd = "\r\n";

    /// <summary>Writes the table, names in its first row and column.</summary>
    public static void Write(TextWriter output, EvaluationResult result)
    {
        output.Write("ground truth \\ prediction");
        foreach (var item in result.Classes)
            output.Write($",{Field(item.Name)}");
        output.Write(LineEnd);
        for (var truth = 0; truth < result.Classes.Count; truth++)
        {
            output.Write(Field(result.Classes[truth].Name));
            for (var prediction = 0; prediction < result.Classes.Count; prediction++)
                output.Write(string.Create(CultureInfo.InvariantCulture, $",{result.Matrix[truth, prediction]}"));
            output.Write(LineEnd);
        }
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
