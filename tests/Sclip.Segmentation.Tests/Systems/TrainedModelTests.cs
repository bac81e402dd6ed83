using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.Eva;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Systems;

/// <summary>Names of tensors, and what is refused, of EVA02-CLIP and TCL.</summary>
public sealed class TrainedModelTests
{
    private static string Eva => System.IO.Directory.GetDirectories(GoldenSet.Trained.PathOf("eva/models")).Single();

    private static string Tcl => System.IO.Directory.GetDirectories(GoldenSet.Trained.PathOf("tcl/models")).Single();

    private static string GroupVit => System.IO.Directory.GetDirectories(GoldenSet.Trained.PathOf("groupvit/models"))[0];

    private static string SegClip => System.IO.Directory.GetDirectories(GoldenSet.Trained.PathOf("segclip/models")).Single();

    [TrainedFact("eva")]
    public void The_names_of_timm_and_buffers_of_rotary_positions_make_no_difference()
    {
        using var timm = new StoredModel(Eva, OfTimm);
        using var buffers = new StoredModel(Eva, name => name, "visual.rope.freqs_cos", "visual.blocks.0.attn.rope.freqs_sin");
        var expected = Features(Eva);
        Close.Assert(expected, Features(timm.Directory), 0, "names of timm");
        Close.Assert(expected, Features(buffers.Directory), 0, "with buffers");
    }

    [TrainedFact("eva")]
    public void Pictures_of_any_shape_have_features()
    {
        using var model = ClipModel.Load(Eva, threads: 1);
        using var algebra = new ManagedAlgebra(model.Threads);
        var (height, width) = (3 * model.Config.PatchSize, 5 * model.Config.PatchSize + 1);
        var features = ((EvaVision)model.Trained!).Features(new(algebra, new float[3 * height * width], new(height, width)));
        Assert.Equal((3 * 5, model.Config.EmbeddingSize), (features.Rows, features.Columns));
    }

    [TrainedTheory("eva")]
    [InlineData("visual.blocks.0.attn.q_bias", "visual.blocks.0.attn.k_bias")]
    [InlineData("visual.norm.bias", "visual.norm_pre.bias")]
    public void A_tensor_of_an_EVA_that_is_missing_is_named(string name, string instead)
    {
        using var model = new StoredModel(Eva, stored => stored == name ? instead : stored);
        Assert.Contains(name, Refusal(model.Directory), StringComparison.Ordinal);
    }

    [TrainedFact("eva", "tcl")]
    public void Unknown_tensors_of_the_networks_are_named_and_those_of_training_alone_are_not_read()
    {
        using var eva = new StoredModel(Eva, name => name, "visual.blocks.0.gamma_1");
        Assert.Contains("visual.blocks.0.gamma_1 is no tensor of an EVA02-CLIP", Refusal(eva.Directory), StringComparison.Ordinal);
        using var tcl = new StoredModel(Tcl, name => name, "masker.image_encoder.decoder.skip.weight");
        Assert.Contains("masker.image_encoder.decoder.skip.weight is no tensor of a TCL", Refusal(tcl.Directory), StringComparison.Ordinal);
        using var trained = new StoredModel(Tcl, name => name, "tcli_loss.logit_scale");
        ClipModel.Load(trained.Directory, threads: 1).Dispose();
    }

    [TrainedTheory("eva")]
    [InlineData("\"rope\": true", "\"rope\": false", "vision_cfg.rope")]
    [InlineData("\"naiveswiglu\": true,", "", "vision_cfg.naiveswiglu")]
    [InlineData("\"subln\": true", "\"subln\": true, \"postnorm\": true", "vision_cfg.postnorm")]
    [InlineData("\"text_cfg\": {", "\"text_cfg\": {\"no_causal_mask\": true, ", "text_cfg.no_causal_mask")]
    [InlineData("\"text_cfg\": {", "\"text_cfg\": {\"embed_cls\": true, ", "text_cfg.embed_cls")]
    [InlineData("\"text_cfg\": {", "\"text_cfg\": {\"pool_type\": \"last\", ", "text_cfg.pool_type")]
    [InlineData("\"text_cfg\": {", "\"text_cfg\": {\"mlp_ratio\": 3, ", "text.transformer.resblocks.0.mlp")]
    [InlineData("\"context_length\": 77", "\"context_length\": 1", "text_cfg.context_length is 1")]
    public void Another_EVA_is_refused_by_what_it_turns_on(string from, string to, string key)
    {
        using var model = new StoredModel(Eva, name => name);
        model.Change("open_clip_config.json", from, to);
        Assert.Contains(key, Refusal(model.Directory), StringComparison.Ordinal);
    }

    [TrainedTheory("tcl")]
    [InlineData("\"double\": true", "\"double\": false", "decoder")]
    [InlineData("\"ie_freeze\": 2", "\"ie_freeze\": 3", "ie_freeze")]
    [InlineData("\"ie_ignore_last_attn\": true", "\"ie_ignore_last_attn\": false", "ie_ignore_last_attn")]
    public void Another_TCL_is_refused_by_what_it_turns_on(string from, string to, string key)
    {
        using var model = new StoredModel(Tcl, name => name);
        model.Change("config.json", from, to);
        Assert.Contains(key, Refusal(model.Directory), StringComparison.Ordinal);
    }

    [TrainedTheory("eva", "tcl")]
    [InlineData("tcl", "sclip", "The method sclip needs a CLIP model; this is a TCL model, whose method is tcl.")]
    [InlineData("tcl", "eva-clipself", "The method eva-clipself needs a CLIPSelf/EVA02-CLIP model; this is a TCL model, whose method is tcl.")]
    [InlineData("eva", "tcl", "The method tcl needs a TCL model; this is a CLIPSelf/EVA02-CLIP model, whose method is eva-clipself.")]
    public void Methods_of_other_models_are_refused_by_name(string system, string method, string refusal)
    {
        var error = Assert.Throws<SegmentationException>(() => DenseMethods.Create(method, ClipConfig.Load(system == "tcl" ? Tcl : Eva)));
        Assert.Equal(refusal, error.Message);
    }

    [TrainedFact("eva", "segclip")]
    public void A_cancelled_window_is_not_computed_to_its_end()
    {
        foreach (var directory in (string[])[Eva, Tcl, GroupVit, SegClip])
        {
            using var model = ClipModel.Load(directory, threads: 1);
            using var algebra = new ManagedAlgebra(model.Threads);
            var side = model.Config.ImageSize;
            var window = new SystemWindow(algebra, new float[3 * side * side], new(side, side))
            {
                Names = algebra.From(new float[model.Config.EmbeddingSize], 1, model.Config.EmbeddingSize),
                CancellationToken = new(canceled: true),
            };
            Assert.Throws<OperationCanceledException>(() => model.Trained is IFeatureSystem features ? features.Features(window) : ((IScoringSystem)model.Trained!).Scores(window));
        }
    }

    [TrainedFact("eva")]
    public void An_EVA_shows_dense_features_and_no_attention()
    {
        using var model = ClipModel.Load(Eva, threads: 1);
        using var segmenter = new ManagedSegmenter(model);
        var (side, options) = (model.Config.ImageSize, new SegmentationOptions { Method = "eva-clipself", Crop = 0 });
        var picture = new SegmentationInput { Rgb = new byte[side * side * 3], Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        var labels = new LabelEmbeddings { Values = [1, .. new float[model.Config.EmbeddingSize - 1]], Dimension = model.Config.EmbeddingSize, ClassOfName = [0], ClassCount = 1 };
        Assert.Equal(side * side, segmenter.Inspect(picture, labels, options, TestContext.Current.CancellationToken).Result.PixelCounts[0]);
        var error = Assert.Throws<SegmentationException>(() => segmenter.Attention(picture, 1, 1, labels, ["eva-clipself"], options, TestContext.Current.CancellationToken));
        Assert.Contains("labels by no attention that could be shown", error.Message, StringComparison.Ordinal);
    }

    private static string Refusal(string directory) => Assert.Throws<ModelFormatException>(() => ClipModel.Load(directory, threads: 1)).Message;

    private static float[] Features(string directory)
    {
        using var model = ClipModel.Load(directory, threads: 1);
        using var algebra = new ManagedAlgebra(model.Threads);
        var (side, random) = (model.Config.ImageSize, new Random(1));
        var window = new SystemWindow(algebra, [.. Enumerable.Range(0, 3 * side * side).Select(_ => random.NextSingle())], new(side, side));
        return ((EvaVision)model.Trained!).Features(window).ToArray();
    }

    private static string OfTimm(string name) => name.StartsWith("visual.", StringComparison.Ordinal)
        ? name.Replace("visual.", "visual.trunk.", StringComparison.Ordinal)
            .Replace("attn.q_bias", "attn.q_proj.bias", StringComparison.Ordinal).Replace("attn.v_bias", "attn.v_proj.bias", StringComparison.Ordinal)
            .Replace("attn.inner_attn_ln", "attn.norm", StringComparison.Ordinal).Replace("mlp.w1", "mlp.fc1_g", StringComparison.Ordinal)
            .Replace("mlp.w2", "mlp.fc1_x", StringComparison.Ordinal).Replace("mlp.ffn_ln", "mlp.norm", StringComparison.Ordinal).Replace("mlp.w3", "mlp.fc2", StringComparison.Ordinal)
        : name;
}
