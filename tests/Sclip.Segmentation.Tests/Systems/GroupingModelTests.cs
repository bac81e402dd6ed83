using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Systems;

/// <summary>What GroupViT and SegCLIP take of a directory, what is refused of one, and how backgrounds go into their scores.</summary>
public sealed class GroupingModelTests
{
    private static string GroupVit => Directory.GetDirectories(GoldenSet.Trained.PathOf("groupvit/models")).Order(StringComparer.Ordinal).First();

    private static string SegClip => Directory.GetDirectories(GoldenSet.Trained.PathOf("segclip/models")).Single();

    [TrainedFact("groupvit")]
    public void GroupViT_sees_ImageNets_mean_and_deviation_whatever_its_directory_says()
    {
        using var stored = new StoredModel(GroupVit, name => name);
        stored.Change("preprocessor_config.json", "0.485", "0.48145466");
        using var model = ClipModel.Load(stored.Directory, threads: 1);
        Assert.Equal("image_mean [0.485, 0.456, 0.406] and image_std [0.229, 0.224, 0.225]", model.Normalisation.ToString());
    }

    [TrainedFact("groupvit", "segclip")]
    public void The_file_of_the_preprocessor_of_a_GroupViT_is_not_read()
    {
        using var stored = new StoredModel(GroupVit, name => name);
        using var with = ClipModel.Load(stored.Directory, threads: 1);
        File.Delete(Path.Combine(stored.Directory, "preprocessor_config.json"));
        using var without = ClipModel.Load(stored.Directory, threads: 1);
        Assert.Equal(with.Fingerprint, without.Fingerprint);
        using var segClip = new StoredModel(SegClip, name => name);
        File.Delete(Path.Combine(segClip.Directory, "preprocessor_config.json"));
        Assert.Contains("preprocessor_config.json is missing", Refusal(segClip.Directory), StringComparison.Ordinal);
    }

    [Fact]
    public void A_GroupViT_of_one_stage_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"model_type": "groupvit", "vision_config": {"depths": [2], "num_group_tokens": [0], "num_output_groups": []}, "text_config": {}}""");
        Assert.Contains("an entry for each of two stages or more", Assert.Throws<ModelFormatException>(() => ClipConfig.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [TrainedFact("groupvit", "segclip")]
    public void Settings_and_prompts_are_those_that_the_authors_evaluate_with()
    {
        using ClipModel groupVit = ClipModel.Load(GroupVit, threads: 1), segClip = ClipModel.Load(SegClip, threads: 1);
        Assert.Equal(("groupvit", 448, 448, 224), (groupVit.Defaults.Method, groupVit.Defaults.ShortSide, groupVit.Defaults.Crop, groupVit.Defaults.Stride));
        Assert.Equal(("segclip", 224, 224, 224), (segClip.Defaults.Method, segClip.Defaults.ShortSide, segClip.Defaults.Crop, segClip.Defaults.Stride));
        Assert.Equal(["a photo of a {}."], groupVit.Defaults.PromptsOf(given: null).Texts);
    }

    [TrainedTheory("groupvit")]
    [InlineData("vision_model.encoder.stages.0.layers.9.mlp.fc1.weight")]
    [InlineData("vision_model.encoder.stages.7.group_token")]
    [InlineData("vision_model.encoder.stages.0.downsample.norm_tokens2.weight")]
    [InlineData("vision_model.embeddings.cls_token")]
    [InlineData("text_model.encoder.layers.0.gamma")]
    [InlineData("text_projection.weight")]
    [InlineData("visual_projection.2.weight")]
    public void Tensors_that_no_GroupViT_has_are_named(string name)
    {
        using var stored = new StoredModel(GroupVit, tensor => tensor, name);
        Assert.Contains($"{name} is no tensor of a GroupViT", Refusal(stored.Directory), StringComparison.Ordinal);
    }

    [TrainedTheory("groupvit")]
    [InlineData("vision_model.encoder.stages.0.group_token")]
    [InlineData("visual_projection.1.running_var")]
    public void A_tensor_of_a_GroupViT_that_is_missing_is_named(string name)
    {
        using var stored = new StoredModel(GroupVit, tensor => tensor == name ? null : tensor);
        Assert.Contains(name, Refusal(stored.Directory), StringComparison.Ordinal);
    }

    [TrainedFact("segclip")]
    public void Of_a_SegCLIP_what_training_alone_has_is_not_read_and_what_is_unknown_is_named()
    {
        using var known = new StoredModel(SegClip, name => name, "clip.visual.transformer.layers_mae2.0.ln_1.weight", "mae_decoder.mask_token");
        ClipModel.Load(known.Directory, threads: 1).Dispose();
        using var unknown = new StoredModel(SegClip, name => name, "clip.visual.transformer.layers1.0.ln_1.weight");
        Assert.Contains("clip.visual.transformer.layers1.0.ln_1.weight is no tensor of a SegCLIP", Refusal(unknown.Directory), StringComparison.Ordinal);
        using var missing = new StoredModel(SegClip, name => name.EndsWith("semantic_center", StringComparison.Ordinal) ? null : name);
        Assert.Contains("semantic_center is missing", Refusal(missing.Directory), StringComparison.Ordinal);
    }

    [TrainedTheory("groupvit")]
    [InlineData("sclip", "The method sclip needs a CLIP model; this is a GroupViT model, whose method is groupvit.")]
    [InlineData("segclip", "The method segclip needs a SegCLIP model; this is a GroupViT model, whose method is groupvit.")]
    public void Other_methods_are_refused_by_name(string method, string refusal) =>
        Assert.Equal(refusal, Assert.Throws<SegmentationException>(() => DenseMethods.Create(method, ClipConfig.Load(GroupVit))).Message);

    [TrainedFact("groupvit")]
    public void Features_of_it_cannot_be_kept_nor_patches_laid_closer()
    {
        using var model = ClipModel.Load(GroupVit, threads: 1);
        using var segmenter = new ManagedSegmenter(model);
        Assert.Contains("cannot be kept for others.", Assert.Throws<SegmentationException>(() => segmenter.Require(new() { Method = "groupvit" }, keepsFeatures: true)).Message, StringComparison.Ordinal);
        segmenter.Require(new() { Method = "groupvit" }, keepsFeatures: false);
        var options = new SegmentationOptions { Method = "groupvit", PatchStride = model.Config.PatchSize / 2 };
        Assert.Contains("patches side by side", Assert.Throws<SegmentationException>(() => PatchCut.Of(model.Config, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>The background's place among the classes, and how many names it has, change nothing but the indices of classes.</summary>
    [TrainedTheory("groupvit")]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Names_of_the_background_are_not_asked_for_where_a_threshold_gives_it_its_pixels(int background)
    {
        using var model = ClipModel.Load(GroupVit, threads: 2);
        var (dimension, random) = (model.Config.EmbeddingSize, new Random(5));
        float[][] names = [.. Enumerable.Range(0, 4).Select(_ => Unit(random, dimension))];
        // How sure a model of random weights is varies: the least threshold that leaves pixels to the background.
        var (threshold, alone) = Enumerable.Range(15, 35).Select(part => part / 50.0)
            .Select(least => (least, Segment(model, Labels(names, 0, [new float[dimension]]), least))).First(found => found.Item2.LabelMap.Contains((ushort)0));
        var several = Segment(model, Labels(names, background, [Unit(random, dimension), Unit(random, dimension)]), threshold);
        Assert.Equal(alone.LabelMap.Select(label => label == 0 ? background : label <= background ? label - 1 : label), several.LabelMap.Select(label => (int)label));
        Assert.Contains(alone.LabelMap, label => label > 0);
    }

    [TrainedFact("groupvit")]
    public void Where_all_names_are_the_background_a_threshold_is_refused()
    {
        using var model = ClipModel.Load(GroupVit, threads: 1);
        var error = Assert.Throws<SegmentationException>(() => Segment(model, Labels([], 0, [Unit(new Random(1), model.Config.EmbeddingSize)]), 0.5));
        Assert.Contains("name a class beside it", error.Message, StringComparison.Ordinal);
    }

    [TrainedFact("groupvit")]
    public void A_window_of_too_many_patches_is_refused()
    {
        using var model = ClipModel.Load(GroupVit, threads: 1);
        using var segmenter = new ManagedSegmenter(model);
        var side = 129 * model.Config.PatchSize;
        var picture = new SegmentationInput { Rgb = new byte[side * side * 3], Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        var labels = Labels([], 0, [Unit(new Random(1), model.Config.EmbeddingSize)]);
        var error = Assert.Throws<SegmentationException>(() => segmenter.Segment([picture], labels, new SegmentationOptions { Method = "groupvit", Crop = 0 }, TestContext.Current.CancellationToken));
        Assert.Contains("at most 16384; give smaller windows (--crop) or a shorter side (--short-side)", error.Message, StringComparison.Ordinal);
    }

    private static SegmentationResult Segment(ClipModel model, LabelEmbeddings labels, double threshold)
    {
        using var segmenter = new ManagedSegmenter(model);
        var (side, random) = (model.Config.ImageSize, new Random(3));
        var pixels = new byte[side * side * 3];
        random.NextBytes(pixels);
        var picture = new SegmentationInput { Rgb = pixels, Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        var options = new SegmentationOptions { Method = "groupvit", Crop = side, Stride = side, ProbabilityThreshold = threshold };
        return segmenter.Segment([picture], labels, options, TestContext.Current.CancellationToken)[0];
    }

    /// <summary>Classes of a name each, and the background with its names at its place.</summary>
    private static LabelEmbeddings Labels(float[][] names, int background, float[][] ofBackground)
    {
        var all = names.Select((name, i) => (Name: name, Class: i < background ? i : i + 1)).Concat(ofBackground.Select(name => (Name: name, Class: background))).OrderBy(item => item.Class).ToArray();
        return new LabelEmbeddings
        {
            Values = [.. all.SelectMany(item => item.Name)],
            Dimension = all[0].Name.Length,
            ClassOfName = [.. all.Select(item => item.Class)],
            ClassCount = names.Length + 1,
            BackgroundClass = background,
        };
    }

    private static float[] Unit(Random random, int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
        var norm = MathF.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / norm)];
    }

    private static string Refusal(string directory) => Assert.Throws<ModelFormatException>(() => ClipModel.Load(directory, threads: 1)).Message;
}
