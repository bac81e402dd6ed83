using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>A guide's forward pass in plain loops of doubles, as Hugging Face's classes describe it.</summary>
internal sealed class ScalarGuide(FakeGuide guide)
{
    private const int Width = FakeGuide.Width, Patch = FakeGuide.Patch, Grid = FakeGuide.Side / FakeGuide.Patch;

    /// <summary>Features of the patches of a native picture of pixels <c>[3, side, side]</c> as the guide sees them.</summary>
    public double[][] Features(float[] planes)
    {
        var tokens = new List<double[]> { Sum(Row("embeddings.cls_token", 0), Row("embeddings.position_embeddings", 0)) };
        for (var register = 0; register < guide.RegisterCount; register++)
            tokens.Add(Row("embeddings.register_tokens", register));
        for (var patch = 0; patch < Grid * Grid; patch++)
            tokens.Add(Sum(Linear("embeddings.patch_embeddings.projection", Pixels(planes, patch / Grid, patch % Grid)), Row("embeddings.position_embeddings", 1 + patch)));
        double[][] x = [.. tokens];
        for (var layer = 0; layer < FakeGuide.Layers; layer++)
            x = Block($"encoder.layer.{layer}", x);
        return [.. x.Skip(1 + guide.RegisterCount).Select(token => Norm("layernorm", token))];
    }

    private double[][] Block(string prefix, double[][] x)
    {
        var attended = Attend(prefix, [.. x.Select(token => Norm($"{prefix}.{(guide.IsVit ? "layernorm_before" : "norm1")}", token))]);
        var y = x.Zip(attended, (token, added) => Sum(token, Scaled($"{prefix}.layer_scale1", added)));
        return [.. y.Select(token => Sum(token, Scaled($"{prefix}.layer_scale2", Mlp(prefix, Norm($"{prefix}.{(guide.IsVit ? "layernorm_after" : "norm2")}", token)))))];
    }

    private double[][] Attend(string prefix, double[][] x)
    {
        double[][] Of(string part) => [.. x.Select(token => Linear($"{prefix}.attention.attention.{part}", token))];
        var (query, key, value) = (Of("query"), Of("key"), Of("value"));
        var size = Width / FakeGuide.Heads;
        return [.. x.Select((_, i) =>
        {
            var context = new double[Width];
            for (var head = 0; head < Width; head += size)
            {
                var scores = key.Select(token => Math.Exp(Enumerable.Range(head, size).Sum(c => query[i][c] * token[c]) / Math.Sqrt(size))).ToArray();
                for (var j = 0; j < scores.Length; j++)
                    for (var c = head; c < head + size; c++)
                        context[c] += scores[j] / scores.Sum() * value[j][c];
            }
            return Linear($"{prefix}.attention.output.dense", context);
        })];
    }

    private double[] Mlp(string prefix, double[] x)
    {
        if (guide.IsVit)
            return Linear($"{prefix}.output.dense", [.. Linear($"{prefix}.intermediate.dense", x).Select(Gelu)]);
        if (!guide.IsSwiGlu)
            return Linear($"{prefix}.mlp.fc2", [.. Linear($"{prefix}.mlp.fc1", x).Select(Gelu)]);
        var both = Linear($"{prefix}.mlp.weights_in", x);
        return Linear($"{prefix}.mlp.weights_out", [.. Enumerable.Range(0, both.Length / 2).Select(i => both[i] / (1 + Math.Exp(-both[i])) * both[i + both.Length / 2])]);
    }

    private double[] Scaled(string name, double[] x) =>
        guide.Tensors.TryGetValue($"{name}.lambda1", out var factors) ? [.. x.Select((value, i) => value * factors.Values[i])] : x;

    private double[] Linear(string name, double[] x)
    {
        var (shape, weight) = guide.Tensors[$"{name}.weight"];
        var bias = guide.Tensors.TryGetValue($"{name}.bias", out var there) ? there.Values : new float[shape[0]];
        return [.. Enumerable.Range(0, shape[0]).Select(row => bias[row] + x.Select((value, i) => value * weight[row * x.Length + i]).Sum())];
    }

    private double[] Norm(string name, double[] x)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + 1e-6);
        return [.. x.Select((value, i) => (value - mean) / deviation * guide.Tensors[$"{name}.weight"].Values[i] + guide.Tensors[$"{name}.bias"].Values[i])];
    }

    private double[] Row(string name, int row) => [.. guide.Tensors[name].Values.Skip(row * Width).Take(Width).Select(value => (double)value)];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <summary>x Phi(x), Phi by its series about 0, which converges everywhere.</summary>
    private static double Gelu(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 60; n++)
            sum += (term *= x * x / (2 * n + 1));
        return x * (0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static double[] Pixels(float[] planes, int row, int column) =>
        [.. from channel in Enumerable.Range(0, 3)
            from y in Enumerable.Range(0, Patch)
            from x in Enumerable.Range(0, Patch)
            select (double)planes[(channel * FakeGuide.Side + row * Patch + y) * FakeGuide.Side + column * Patch + x]];
}
