using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.OpenClip;

/// <summary>A model is the same in OpenCLIP's layout as in Hugging Face's, bit for bit.</summary>
public sealed class OpenClipModelTests : IDisposable
{
    private const string CustomText = "text.";
    private readonly TemporaryFolder _folder = new();

    /// <summary>Model, prefix of the text tower's names.</summary>
    public static TheoryData<string, string> Models => [.. Golden.Models.SelectMany(model => (IEnumerable<(string, string)>)[(model, ""), (model, CustomText)])];

    /// <summary>Model, prefix of the text tower's names, backend.</summary>
    public static TheoryData<string, string, string> ModelsOfBackends => [.. Models.SelectMany(row => Backends.Names.Select(backend => (row.Data.Item1, row.Data.Item2, backend)))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public unsafe void Features_label_embeddings_and_fingerprint_of_the_vision_transformer_are_equal(string name, string text)
    {
        using var expected = ClipModel.Load(Golden.ModelDirectory(name), 2);
        using var model = Load(name, text);
        Assert.Equal(expected.Config, model.Config);
        // A buffer of positions' numbers, which some directories have, is a part of their fingerprint.
        if (!expected.Tensors.Names.Any(tensor => tensor.StartsWith("vision_model.", StringComparison.Ordinal) && tensor.EndsWith("position_ids", StringComparison.Ordinal)))
            Assert.Equal(expected.VisionFingerprint, model.VisionFingerprint);
        Assert.NotEqual(expected.Fingerprint, model.Fingerprint);
        Assert.Equal(Embed(expected).Values, Embed(model).Values);
        var (picture, side) = (Noise(), expected.Config.ImageSize);
        var tokens = (1 + expected.Config.NativeGrid * expected.Config.NativeGrid) * expected.Config.EmbeddingSize;
        var method = (ILastBlockMethod)DenseMethods.Create("sclip", expected.Config);
        PixelWindow[] window = [new(picture, 96, 3, 5, side, side)];
        Assert.Equal(
            new ReadOnlySpan<float>(expected.Vision.Forward(window, method, TestContext.Current.CancellationToken), tokens).ToArray(),
            new ReadOnlySpan<float>(model.Vision.Forward(window, method, TestContext.Current.CancellationToken), tokens).ToArray());
    }

    [EngineTheory]
    [MemberData(nameof(ModelsOfBackends))]
    public void Label_maps_are_equal_on_every_engine(string name, string text, string backend)
    {
        using var expected = ClipModel.Load(Golden.ModelDirectory(name), 2);
        using var model = Load(name, text);
        Assert.Equal(Label(expected), Label(model));

        ushort[] Label(ClipModel of)
        {
            using var segmenter = Backends.Create(backend, of);
            var picture = new SegmentationInput { Rgb = Noise(), Width = 96, Height = 80, OutputWidth = 96, OutputHeight = 80 };
            return segmenter.Segment([picture], Embed(of), new SegmentationOptions { Crop = of.Config.ImageSize, Stride = of.Config.PatchSize }, TestContext.Current.CancellationToken)[0].LabelMap;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_tensor_has_the_values_that_it_had_under_any_library_s_names(bool timm)
    {
        foreach (var name in Golden.Models)
        {
            var directory = Golden.ModelDirectory(name);
            var path = _folder.Write("weights.safetensors", OpenClipModel.SafeTensors(timm ? OpenClipModel.TensorsOfTimm(directory) : OpenClipModel.TensorsOf(directory)));
            using var expected = SafeTensors.OpenDirectory(directory);
            using var tensors = SafeTensors.Open(path, [path]);
            OpenClipTensors.Rename(tensors, ClipConfig.Load(directory));
            var weights = expected.Names.Where(tensor => tensor != "logit_scale" && !tensor.EndsWith("position_ids", StringComparison.Ordinal)).ToArray();
            Assert.Equal(weights, tensors.Names);
            Assert.All(weights, tensor => Assert.Equal(expected.Read(tensor, expected.Shape(tensor)), tensors.Read(tensor, expected.Shape(tensor))));
        }
    }

    [Fact]
    public void Where_both_layouts_lie_in_a_directory_Hugging_Face_s_is_read()
    {
        var directory = Golden.ModelDirectory(Golden.Models.First());
        foreach (var file in Directory.GetFiles(directory))
            File.Copy(file, _folder[Path.GetFileName(file)]);
        _folder.Write(OpenClipModel.Config, "{}");
        using var model = ClipModel.Load(_folder.Path, 1);
        using var expected = ClipModel.Load(directory, 1);
        Assert.Equal(expected.Fingerprint, model.Fingerprint);
    }

    [Fact]
    public void The_config_json_of_a_timm_tower_beside_it_does_not_make_it_another_layout()
    {
        Write(Golden.Models.First(), "");
        _folder.Write("config.json", """{"architecture": "vit_base_patch16_clip_224", "num_classes": 512}""");
        _folder.Write("model.safetensors", "");
        ClipModel.Load(_folder.Path, 1).Dispose();
    }

    private static LabelEmbeddings Embed(ClipModel model) =>
        model.EmbedLabels(LabelSet.Of([new LabelClass { Name = "sky" }, new LabelClass { Name = "a red house", Synonyms = ["roof"] }]), PromptTemplates.Of(["a photo of {}", "{}"]), cacheDirectory: null);

    private static byte[] Noise()
    {
        var rgb = new byte[96 * 80 * 3];
        new Random(7).NextBytes(rgb);
        return rgb;
    }

    private ClipModel Load(string name, string text)
    {
        Write(name, text);
        return ClipModel.Load(_folder.Path, 2);
    }

    private void Write(string name, string text)
    {
        foreach (var (file, content) in OpenClipModel.Files(Golden.ModelDirectory(name), text))
            _folder.Write(file, content);
    }
}
