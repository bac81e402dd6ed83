using CsCheck;

namespace Sclip.Labels.Tests.Metrics;

/// <summary>A prediction and its ground truth, each in runs of its own, short and long.</summary>
internal sealed record LabelPair(ushort[] Prediction, ushort[] Truth)
{
    public const int Classes = 5;

    private static readonly Gen<int> Length = Gen.OneOf(Gen.Int[1, 10], Gen.Int[1, 300]);

    /// <summary>Pairs whose ground truth has classes from a first value on and, where given, the label that does not count.</summary>
    public static Gen<LabelPair> Of(int? ignore = 255, int first = 0) =>
        from truth in Runs(ignore is { } label ? Gen.Frequency((4, Gen.Int[0, Classes - 1 + first]), (1, Gen.Const(label))) : Gen.Int[0, Classes - 1 + first])
        from prediction in Runs(Gen.Int[0, Classes - 1])
        let pixels = Math.Min(prediction.Length, truth.Length)
        select new LabelPair(prediction[..pixels], truth[..pixels]);

    public override string ToString() => $"prediction {Shown(Prediction)}; truth {Shown(Truth)}";

    private static Gen<ushort[]> Runs(Gen<int> label) => Gen.Select(label, Length).Array[1, 40].Select(runs => runs.SelectMany(run => Enumerable.Repeat((ushort)run.Item1, run.Item2)).ToArray());

    /// <summary>The labels, with the lengths of their runs.</summary>
    private static string Shown(ushort[] labels)
    {
        var starts = Enumerable.Range(0, labels.Length).Where(i => i == 0 || labels[i] != labels[i - 1]).Append(labels.Length).ToArray();
        return string.Join(", ", starts.Zip(starts.Skip(1), (start, end) => $"{labels[start]} x {end - start}"));
    }
}
