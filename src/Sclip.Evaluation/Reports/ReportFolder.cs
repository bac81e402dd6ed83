using System.Text;
using Sclip.Evaluation.Metrics;

namespace Sclip.Evaluation.Reports;

/// <summary>Writes the files of an evaluation.</summary>
public static class ReportFolder
{
    /// <summary>Writes <c>metrics.json</c>, <c>confusion.csv</c>, <c>confusion.png</c> and <c>report.html</c> to a folder that there is.</summary>
    /// <exception cref="EvaluationException">The folder cannot be written.</exception>
    public static void Write(string folder, EvaluationResult result, HtmlReport report)
    {
        try
        {
            using (var json = File.Create(Path.Combine(folder, "metrics.json")))
                MetricsJson.Write(json, result);
            using (var csv = new StreamWriter(Path.Combine(folder, "confusion.csv"), append: false, new UTF8Encoding(false)))
                ConfusionCsv.Write(csv, result);
            var confusion = ConfusionPicture.Draw(result);
            File.WriteAllBytes(Path.Combine(folder, "confusion.png"), confusion);
            using var html = new StreamWriter(Path.Combine(folder, "report.html"), append: false, new UTF8Encoding(false));
            report.Write(html, confusion);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The folder {folder} cannot be written: {error.Message}", error);
        }
    }
}
