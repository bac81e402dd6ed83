using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Predictions;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests;

/// <summary>Predictions and ground truth of a few pixels, in folders of their own.</summary>
internal sealed class MaskFolders : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public string Predictions => Folder["pred"];

    public string Truth => Folder["gt"];

    public string TruthSuffix { get; init; } = "";

    public string PredictionSuffix { get; init; } = "";

    public MaskFolders()
    {
        Directory.CreateDirectory(Predictions);
        Directory.CreateDirectory(Truth);
    }

    public MaskFolders Add(string name, ushort[] prediction, ushort[] truth, int width = 2)
    {
        Write($"pred/{name}", prediction, width);
        Write($"gt/{name}", truth, width);
        return this;
    }

    public string Write(string name, ushort[] labels, int width = 2) =>
        Folder.Write($"{name}.png", RawPng.Write(labels, width, RawPng.Grey, labels.Any(label => label > 255) ? 16 : 8));

    public MaskMatch Match() => MaskMatch.Of(PredictionFolder.Open(Predictions, PredictionSuffix), new MaskFolder(Truth, TruthSuffix), CancellationToken.None);

    public (Evaluator Evaluator, MaskFolder Predictions, MaskFolder Truth) Open(EvaluationSettings settings)
    {
        var (predictions, truth) = (PredictionFolder.Open(Predictions, PredictionSuffix).Masks, new MaskFolder(Truth, TruthSuffix));
        return (new Evaluator(settings, predictions, truth), predictions, truth);
    }

    public Task<EvaluationResult> Run(EvaluationSettings settings, CancellationToken token = default) => Open(settings).Evaluator.RunAsync(Match(), () => { }, token);

    public static EvaluationSettings Classes(params string[] names) => new() { Classes = [.. names.Select(name => new Contracts.LabelClass { Name = name })], Threads = 2 };

    public void Dispose() => Folder.Dispose();
}
