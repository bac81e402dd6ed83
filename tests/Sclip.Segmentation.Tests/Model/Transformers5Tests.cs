using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Model;

/// <summary>A directory that version 5 of transformers saved is the model that earlier versions save.</summary>
public sealed class Transformers5Tests : IDisposable
{
    private static readonly string Earlier = Path.Combine(Repository.Root, "tests", "golden", "models", "tiny");
    private readonly TemporaryFolder _folder = new();

    public Transformers5Tests()
    {
        Copy(Earlier);
        Transformers5.Convert(_folder.Path);
    }

    public static TheoryData<string, bool> EveryModel
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var model in Golden.Models)
            {
                data.Add(model, false);
                data.Add(model, true);
            }
            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EveryModel))]
    public void Every_text_has_the_same_tokens(string name, bool isEarlier)
    {
        var directory = Golden.ModelDirectory(name);
        var tokenizer = Transformers5.Tokenizer(directory);
        if (isEarlier)
            Transformers5.MakeEarlier(tokenizer);
        _folder.Write("tokenizer.json", Transformers5.Bytes(tokenizer));
        var size = ClipConfig.Load(directory).VocabularySize;
        var (before, after) = (ClipTokenizer.Load(directory, 77, size), ClipTokenizer.Load(_folder.Path, 77, size));
        foreach (var text in JsonNode.Parse(File.ReadAllText(Golden.PathOf("tokens.json")))!.AsArray().Select(item => item!["text"]!.GetValue<string>()))
            Assert.Equal(before.Tokenize(text).Ids, after.Tokenize(text).Ids);
    }

    [Fact]
    public void Its_pictures_have_the_same_features_and_labels()
    {
        Assert.Equal(["config.json", "model.safetensors", "processor_config.json", "tokenizer.json", "tokenizer_config.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var before = ClipModel.Load(Earlier, 2);
        using var after = ClipModel.Load(_folder.Path, 2);
        Assert.Equal(before.Config, after.Config);
        Assert.Empty(after.Warnings);
        var picture = Noise(96, 80);
        Assert.Equal(before.Normalisation.Planes(Input(picture, null)), after.Normalisation.Planes(Input(picture, null)));
        var ((features, labels), (sameFeatures, sameLabels)) = (Label(before, picture), Label(after, picture));
        Assert.Equal(features, sameFeatures);
        Assert.Equal(labels, sameLabels);
        Assert.True(labels.Distinct().Count() > 1, "Noise should get more than one label.");
    }

    [Fact]
    public void Its_files_are_a_part_of_what_tells_it_from_others()
    {
        var before = Fingerprint();
        Edit("tokenizer.json", node => node["added_tokens"]![0]!["lstrip"] = true);
        var after = Fingerprint();
        Edit("processor_config.json", node => node["processor_class"] = "MyProcessor");
        Assert.Equal(3, ((string[])[before, after, Fingerprint()]).Distinct().Count());
    }

    /// <summary>Embeddings and features that were kept by it are found under it: a directory must not get another by a new version of this program.</summary>
    [Fact]
    public void An_earlier_directory_has_the_fingerprint_that_it_always_had()
    {
        using var model = ClipModel.Load(Earlier, 1);
        Assert.Equal("18904719077e8612564857ffe71d29c4d29163376d892404b7171cece7abed21", model.Fingerprint);
    }

    [Fact]
    public void Where_both_are_there_and_say_the_same_the_earlier_files_are_read_in_silence()
    {
        Copy(Earlier);
        using var before = ClipModel.Load(Earlier, 1);
        using var both = ClipModel.Load(_folder.Path, 1);
        Assert.Empty(both.Warnings);
        // Of all that is read, config.json alone is another.
        File.Copy(Path.Combine(Earlier, "config.json"), _folder["config.json"], overwrite: true);
        Assert.Equal(before.Fingerprint, Fingerprint());
    }

    [Fact]
    public void Another_id_is_warned_of()
    {
        Edit("tokenizer.json", node => Swap(node["model"]!["vocab"]!, "the</w>", "in"));
        var (was, now) = (Vocabulary()["in"]!.GetValue<int>(), Vocabulary()["the</w>"]!.GetValue<int>());
        WarnsOfTokenizer($"the token 'in' has id {now} in it, and {was} in vocab.json.");
    }

    [Fact]
    public void A_token_that_is_missing_is_warned_of()
    {
        var last = Vocabulary().MaxBy(token => token.Key.StartsWith("<|", StringComparison.Ordinal) ? -1 : token.Value!.GetValue<int>()).Key;
        Edit("tokenizer.json", node =>
        {
            node["model"]!["vocab"]!.AsObject().Remove(last);
            node["model"]!["merges"]!.AsArray().RemoveAt(node["model"]!["merges"]!.AsArray().Count - 1);
        });
        WarnsOfTokenizer($"the token '{last}' is not in it.");
    }

    [Fact]
    public void Another_order_of_merges_is_warned_of()
    {
        Edit("tokenizer.json", node =>
        {
            var merges = node["model"]!["merges"]!.AsArray();
            var third = merges[2];
            merges.RemoveAt(2);
            merges.Insert(5, third);
        });
        WarnsOfTokenizer("its merges are others from rank 2 on.");
    }

    [Fact]
    public void Another_tokenizer_beside_the_one_that_is_read_is_warned_of()
    {
        Edit("tokenizer.json", node => node["normalizer"] = null);
        WarnsOfTokenizer("the tokenizer's normalizer is none; CLIP's is NFC");
    }

    [Fact]
    public void Other_pixels_are_warned_of_and_those_of_the_earlier_file_are_read()
    {
        Edit("processor_config.json", node => node["image_processor"]!["image_std"] = new JsonArray(0.5, 0.5, 0.5));
        Copy(Earlier);
        using var model = ClipModel.Load(_folder.Path, 1);
        using var before = ClipModel.Load(Earlier, 1);
        var warning = Assert.Single(model.Warnings);
        Assert.StartsWith("preprocessor_config.json is read, and processor_config.json beside it is not the same: ", warning);
        Assert.Contains("image_std [0.5, 0.5, 0.5] there, image_mean [0.48145466, 0.4578275, 0.40821073] and image_std [0.26862954, 0.26130258, 0.27577711] here", warning);
        Assert.Equal(before.Normalisation.ToString(), model.Normalisation.ToString());
    }

    [Theory]
    [InlineData("""{"processor_class": "CLIPProcessor"}""", null)]
    [InlineData("""{"image_processor": {"do_normalize": false}}""", "do_normalize is false")]
    [InlineData("{", "not valid JSON")]
    public void A_processor_of_an_earlier_version_tells_nothing_and_one_that_cannot_be_read_is_warned_of(string content, string? mention)
    {
        Copy(Earlier);
        _folder.Write("processor_config.json", content);
        using var model = ClipModel.Load(_folder.Path, 1);
        if (mention is null)
            Assert.Empty(model.Warnings);
        else
            Assert.Contains(mention, Assert.Single(model.Warnings));
    }

    [Theory]
    [InlineData("""{"processor_class": "CLIPProcessor"}""", "processor_config.json has no image_processor, and preprocessor_config.json is missing")]
    [InlineData("""{"image_processor": null}""", "processor_config.json has no image_processor")]
    [InlineData("""{"image_processor": 7}""", "processor_config.json, image_processor: not a JSON object")]
    [InlineData("""{"image_processor": {"image_mean": [0, 0]}}""", "processor_config.json, image_processor: image_mean must be three numbers")]
    [InlineData("[]", "processor_config.json: not a JSON object")]
    [InlineData("{", "processor_config.json: not valid JSON")]
    public void A_processor_that_does_not_tell_how_pixels_are_normalised_is_refused(string content, string mention)
    {
        _folder.Write("processor_config.json", content);
        Assert.Contains(mention, Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, 1).Dispose()).Message);
    }

    private void WarnsOfTokenizer(string mention)
    {
        Copy(Earlier);
        using var model = ClipModel.Load(_folder.Path, 1);
        using var before = ClipModel.Load(Earlier, 1);
        var warning = Assert.Single(model.Warnings);
        Assert.StartsWith("vocab.json and merges.txt are read, and tokenizer.json beside them is not the same: ", warning);
        Assert.Contains(mention, warning);
        Assert.Equal(before.Tokenizer.Tokenize("in the thing").Ids, model.Tokenizer.Tokenize("in the thing").Ids);
    }

    private static (float[] Features, ushort[] Labels) Label(ClipModel model, byte[] picture)
    {
        var features = new KeptFeatures();
        using var segmenter = new ManagedSegmenter(model);
        var labels = model.EmbedLabels(LabelSet.Of([.. ((string[])["the sky", "grass", "a thing", "stone"]).Select(name => new LabelClass { Name = name })]), PromptTemplates.Of(["a photo of {}"]), cacheDirectory: null);
        var result = segmenter.Segment([Input(picture, features)], labels, new SegmentationOptions { Crop = 64, Stride = 32 }, TestContext.Current.CancellationToken)[0];
        return ([.. features.Values], [.. result.LabelMap]);
    }

    private static SegmentationInput Input(byte[] picture, IFeatureSink? features) => new() { Rgb = picture, Width = 96, Height = 80, OutputWidth = 96, OutputHeight = 80, Features = features };

    private static byte[] Noise(int width, int height)
    {
        var picture = new byte[3 * width * height];
        new Random(5).NextBytes(picture);
        return picture;
    }

    private static JsonObject Vocabulary() => JsonNode.Parse(File.ReadAllText(Path.Combine(Earlier, "vocab.json")))!.AsObject();

    private static void Swap(JsonNode tokens, string one, string other) =>
        (tokens[one], tokens[other]) = (tokens[other]!.GetValue<int>(), tokens[one]!.GetValue<int>());

    private string Fingerprint()
    {
        using var model = ClipModel.Load(_folder.Path, 1, packVision: false);
        return model.Fingerprint;
    }

    private void Edit(string file, Action<JsonNode> edit)
    {
        var node = JsonNode.Parse(File.ReadAllText(_folder[file]))!;
        edit(node);
        _folder.Write(file, node.ToJsonString());
    }

    private void Copy(string directory)
    {
        foreach (var file in Directory.GetFiles(directory))
            File.Copy(file, _folder[Path.GetFileName(file)], overwrite: true);
    }

    private sealed class KeptFeatures : IFeatureSink
    {
        public List<float> Values { get; } = [];

        public void Write(int window, int gridHeight, int gridWidth, ReadOnlySpan<float> features) => Values.AddRange(features);
    }
}
