using System.Globalization;
using Sclip.Segmentation;

namespace Sclip.Exploration.Benchmarks;

/// <summary>The paper's Table 2: by which projection W_r of the input, or several, SCLIP's attention compares tokens.</summary>
public static class Ablation
{
    private static readonly int[] RandomProjections = [1, 4, 16];

    /// <summary>The table's rows.</summary>
    /// <param name="trials">How often random projections are drawn, each time by another seed.</param>
    public static IReadOnlyList<AblationRow> Rows(int trials) =>
    [
        new("identity", "sclip-identity", ["sclip-identity"]),
        new("W_q", "sclip-q", ["sclip-q"]),
        new("W_k", "sclip-k", ["sclip-k"]),
        new("W_q and W_k", "sclip", ["sclip"]),
        .. RandomProjections.Select(n => string.Create(CultureInfo.InvariantCulture, $"sclip-random:{n}")).Select((method, i) => new AblationRow(
            string.Create(CultureInfo.InvariantCulture, $"random, n = {RandomProjections[i]}"), method,
            [.. Enumerable.Range(0, trials).Select(seed => string.Create(CultureInfo.InvariantCulture, $"{method}:{seed}"))])),
    ];
}

/// <summary>A row of the ablation.</summary>
/// <param name="Title">The projection, in words.</param>
/// <param name="Method">The method whose published figures stand beside it.</param>
/// <param name="Methods">The methods that are measured, a trial each (see <see cref="DenseMethods"/>).</param>
public sealed record AblationRow(string Title, string Method, IReadOnlyList<string> Methods)
{
    /// <summary>mIoU over the trials.</summary>
    public Spread MeanIou(BenchmarkState state) => Spread.Of([.. state.Matrices.Where(item => Methods.Contains(item.Configuration)).Select(item => item.Matrix.MeanIou)]);
}
