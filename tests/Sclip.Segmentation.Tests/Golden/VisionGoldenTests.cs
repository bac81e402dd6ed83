using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public unsafe class VisionGoldenTests
{
    /// <summary>Model, index of the picture.</summary>
    public static TheoryData<string, int> Pictures
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var model in Golden.AllModels)
                for (var i = 0; i < Golden.Model(model)["vision"]!.AsArray().Count; i++)
                    data.Add(model, i);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Dense_features_of_every_method_are_the_golden_ones(string name, int index)
    {
        using var model = new GoldenModel(name);
        var node = model.Node["vision"]![index]!;
        var picture = GoldenModel.Picture(node["image"]);
        var (projections, shape) = Golden.Floats(model.Node["projections"]);
        var width = shape[1];
        Assert.NotEmpty(node["features"]!.AsObject());
        foreach (var (method, file) in node["features"]!.AsObject())
        {
            var dense = Method(method, projections, width, model.Clip.Config);
            var expected = Golden.Floats(file).Values;
            // Twice in one batch: a window's features do not depend on what shares its pass.
            var features = model.Clip.Vision.Forward(new[] { GoldenModel.Whole(picture), GoldenModel.Whole(picture) }, dense, CancellationToken.None);
            Close.Assert(expected, new ReadOnlySpan<float>(features, expected.Length), 1e-4f, $"{name} {index} {method}");
            Close.Assert(expected, new ReadOnlySpan<float>(features + expected.Length, expected.Length), 1e-4f, $"{name} {index} {method}, second");
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Every_stage_before_the_last_block_is_the_authors(string name, int index)
    {
        using var model = new GoldenModel(name);
        var node = model.Node["vision"]![index]!;
        if (node["embeddings"] is null)
        {
            Assert.True(index > 0, "The first picture carries the stages.");
            return;
        }
        PixelWindow[] windows = [GoldenModel.Whole(GoldenModel.Picture(node["image"]))];
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Clip.Config.PatchSize));
        var vision = model.Clip.Vision;
        var length = batch.Rows * vision.Width;
        using var stream = new NativeBuffer(length);
        var x = stream.Pointer;
        vision.Embed(windows, batch, x, vision.Together);
        Close.Assert(Golden.Floats(node["embeddings"]).Values, new ReadOnlySpan<float>(x, length), 1e-4f, "embeddings");
        vision.PreNorm(x, batch.Rows, vision.Together);
        Close.Assert(Golden.Floats(node["after_pre_norm"]).Values, new ReadOnlySpan<float>(x, length), 1e-4f, "pre-norm");
        var blocks = node["after_block"]!.AsArray();
        for (var block = 0; block < blocks.Count; block++)
        {
            vision.Block(block, x, batch, vision.Together);
            Close.Assert(Golden.Floats(blocks[block]).Values, new ReadOnlySpan<float>(x, length), 1e-4f, $"block {block}");
        }
        var clip = new ClipAttention();
        var sclip = new CorrelativeSelfAttention();
        Close.Assert(Golden.Floats(node["attention_clip"]).Values, AttentionWeights(vision, x, batch, clip), 1e-4f, "attention of clip");
        Close.Assert(Golden.Floats(node["attention_sclip"]).Values, AttentionWeights(vision, x, batch, sclip), 1e-4f, "attention of sclip");
    }

    /// <summary>Of all tokens, [heads, tokens, tokens].</summary>
    private static float[] AttentionWeights(VisionTransformer vision, float* x, TokenBatch batch, ILastBlockMethod method)
    {
        var byToken = Enumerable.Range(0, batch.Rows).Select(token => vision.AttentionWeights(x, batch, method, token).Chunk(batch.Rows).ToArray()).ToArray();
        return [.. Enumerable.Range(0, byToken[0].Length).SelectMany(head => byToken.SelectMany(heads => heads[head]))];
    }

    internal static ILastBlockMethod Method(string name, float[] projections, int width, ClipConfig config) => name.Split(':') switch
    {
        ["sclip-projection"] => new ProjectedAttention(projections.AsSpan(0, width * width), width),
        ["sclip-random", var count] => new ProjectedAttention(projections.AsSpan(0, int.Parse(count) * width * width), width),
        _ => (ILastBlockMethod)DenseMethods.Create(name, config),
    };
}
