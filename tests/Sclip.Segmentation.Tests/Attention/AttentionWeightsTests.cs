using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Attention;

public sealed unsafe class AttentionWeightsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    public void How_a_token_of_any_block_of_queries_looks_at_all_is_its_row_of_the_plain_product(int token)
    {
        using var model = new GoldenModel(Golden.Models.First());
        var (vision, config) = (model.Clip.Vision, model.Clip.Config);
        var batch = TokenBatch.Of([new PixelWindow(default, 0, 0, 0, 4 * config.PatchSize, 16 * config.PatchSize)], PatchCut.Whole(config.PatchSize));
        var stream = Reference.Random(batch.Rows * vision.Width, 1, 2);
        float[] weights;
        fixed (float* x = stream)
            weights = vision.AttentionWeights(x, batch, new ClipAttention(), token);
        var queries = Projected(model.Clip, stream, "q");
        var keys = Projected(model.Clip, stream, "k");
        var (width, headDimension) = (vision.Width, vision.Width / config.Vision.Heads);
        for (var head = 0; head < config.Vision.Heads; head++)
        {
            var powers = Enumerable.Range(0, batch.Rows).Select(other => Math.Exp(
                Enumerable.Range(head * headDimension, headDimension).Sum(d => queries[token * width + d] * keys[other * width + d]) / Math.Sqrt(headDimension))).ToArray();
            for (var other = 0; other < batch.Rows; other++)
                Assert.Equal(powers[other] / powers.Sum(), weights[head * batch.Rows + other], 1e-5);
        }
    }

    /// <summary>The last block's queries or keys of a stream, <c>[tokens, width]</c>, in double precision.</summary>
    private static double[] Projected(ClipModel model, float[] stream, string part)
    {
        var (width, prefix) = (model.Config.Vision.Width, $"vision_model.encoder.layers.{model.Config.Vision.Layers - 1}");
        var (normWeight, normBias) = (model.Tensors.Read($"{prefix}.layer_norm1.weight", width), model.Tensors.Read($"{prefix}.layer_norm1.bias", width));
        var (weight, bias) = (model.Tensors.Read($"{prefix}.self_attn.{part}_proj.weight", width, width), model.Tensors.Read($"{prefix}.self_attn.{part}_proj.bias", width));
        return [.. stream.Chunk(width).SelectMany(row =>
        {
            var mean = row.Average(value => (double)value);
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + model.Config.Vision.Epsilon);
            double[] normed = [.. row.Select((value, i) => (value - mean) / deviation * normWeight[i] + normBias[i])];
            return Enumerable.Range(0, width).Select(i => bias[i] + normed.Select((value, d) => value * weight[i * width + d]).Sum());
        })];
    }
}
