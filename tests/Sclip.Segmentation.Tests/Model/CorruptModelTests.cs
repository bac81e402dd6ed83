using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Model;

/// <summary>A model directory with something wrong is refused with the file and the fault named.</summary>
public sealed class CorruptModelTests : IDisposable
{
    private static readonly string Sound = Golden.ModelDirectory(Golden.Models.First());
    private readonly TemporaryFolder _folder = new();

    public CorruptModelTests()
    {
        foreach (var file in Directory.GetFiles(Sound))
            File.Copy(file, _folder[Path.GetFileName(file)]);
    }

    private string Weights => _folder["model.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("preprocessor_config.json")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(_folder[file]);
        Refuses(file, "missing");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("vocab.json")]
    [InlineData("preprocessor_config.json")]
    public void A_file_that_is_no_JSON_is_named(string file)
    {
        _folder.Write(file, "{\"half\":");
        Refuses(file, "JSON");
    }

    [Fact]
    public void A_missing_directory_is_named() =>
        Assert.Contains("/no/such/model", Assert.Throws<ModelFormatException>(() => ClipModel.Load("/no/such/model", 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_architecture_is_refused()
    {
        _folder.Write("config.json", "{\"model_type\": \"siglip\", \"vision_config\": {}, \"text_config\": {}}");
        Refuses("model_type", "siglip");
    }

    [Fact]
    public void An_unknown_activation_is_refused()
    {
        Edit("config.json", config => config["vision_config"]!["hidden_act"] = "relu");
        Refuses("vision_config.hidden_act", "relu");
    }

    [Theory]
    [InlineData("vision")]
    [InlineData("text")]
    public void Weights_of_more_layers_than_the_configuration_tells_of_are_refused(string tower)
    {
        var layers = ClipConfig.Load(Sound) is var config && tower == "vision" ? config.Vision.Layers : config.Text.Layers;
        Edit("config.json", node => node[$"{tower}_config"]!["num_hidden_layers"] = layers - 1);
        Refuses("model.safetensors", $"the weights have {layers} layers {tower}_model.encoder.layers.N, config.json {layers - 1} ({tower}_config.num_hidden_layers)");
        Assert.Throws<ModelFormatException>(() => ModelSummary.Read(_folder.Path));
    }

    [Theory]
    [InlineData("do_normalize", "false", "do_normalize is false; only true is supported")]
    [InlineData("do_rescale", "false", "do_rescale is false; only true is supported")]
    [InlineData("do_rescale", "1", "do_rescale is 1; only true is supported")]
    [InlineData("rescale_factor", "1", "rescale_factor is 1; only 1/255 is supported")]
    [InlineData("rescale_factor", "0.00784313725490196", "rescale_factor is 0.00784313725490196; only 1/255 is supported")]
    [InlineData("rescale_factor", "\"1/255\"", "rescale_factor is \"1/255\"; only 1/255 is supported")]
    [InlineData("image_mean", "[123.7, 116.3, 103.5]", "image_mean must lie in 0..1")]
    [InlineData("image_mean", "[-0.1, 0.5, 0.5]", "[-0.1, 0.5, 0.5]")]
    [InlineData("image_mean", "[0.5, 0.5]", "image_mean must be three numbers")]
    [InlineData("image_std", "[58.4, 57.1, 57.4]", "image_std above 0 and up to 1")]
    [InlineData("image_std", "[0.5, 0, 0.5]", "[0.5, 0, 0.5]")]
    public void Pixels_normalised_in_a_way_that_is_not_done_are_refused(string key, string value, string mention)
    {
        Edit("preprocessor_config.json", node => node[key] = JsonNode.Parse(value));
        Refuses("preprocessor_config.json", mention);
    }

    [Fact]
    public void Steps_that_windows_replace_or_that_are_not_told_change_nothing()
    {
        Edit("preprocessor_config.json", node =>
        {
            (node["do_resize"], node["do_center_crop"], node["size"], node["crop_size"], node["rescale_factor"]) = (false, false, 336, 336, 0.003921569);
            (node["do_rescale"], node["do_normalize"]) = (null, null);
        });
        ClipModel.Load(_folder.Path, 1).Dispose();
        Edit("preprocessor_config.json", node => node.AsObject().Remove("rescale_factor"));
        ClipModel.Load(_folder.Path, 1).Dispose();
    }

    /// <summary>Whichever is found first: with two threads that is a matter of chance.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Where_vocabulary_and_weights_are_both_damaged_the_vocabulary_is_named(int threads)
    {
        EditHeader(header => header.Remove("vision_model.post_layernorm.bias"));
        _folder.Write("vocab.json", "{\"half\":");
        for (var i = 0; i < 20; i++)
            Assert.Contains("vocab.json", Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, threads).Dispose()).Message, StringComparison.Ordinal);
    }

    /// <summary>Features were kept by a model that was sound; to label them again is no work of its vision transformer.</summary>
    [Fact]
    public void A_vision_transformer_that_is_packed_late_is_refused_with_the_first_picture_and_kept_features_need_none()
    {
        EditHeader(header => header.Remove("vision_model.post_layernorm.bias"));
        Refuses("vision_model.post_layernorm.bias");
        using var model = ClipModel.Load(_folder.Path, 1, packVision: false);
        using var segmenter = new ManagedSegmenter(model);
        using var labeller = new FeatureLabeller(model);
        var labels = model.EmbedLabels(LabelSet.Of([new LabelClass { Name = "sky" }, new LabelClass { Name = "grass" }]), PromptTemplates.Of(["a photo of {}"]), cacheDirectory: null);
        var (options, side) = (new SegmentationOptions { Crop = 0 }, model.Config.PatchSize);
        var picture = new SegmentationInput { Rgb = new byte[side * side * 3], Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        for (var time = 0; time < 2; time++)
            Assert.Contains("vision_model.post_layernorm.bias", Assert.Throws<ModelFormatException>(() => segmenter.Segment([picture], labels, options)).Message, StringComparison.Ordinal);

        var writer = new FeatureWriter(labeller.Describe("picture.jpg", options, segmenter.Precision, shortSide: 0, FeatureEncoding.Float16, (side, side), (side, side)));
        writer.Write(0, 1, 1, labels.Values.AsSpan(labels.Dimension, labels.Dimension));
        var result = labeller.Label(FeatureFile.Parse(writer.Finish()), picture, labels, options);
        Assert.Equal([0, side * side], result.PixelCounts);
    }

    [Fact]
    public void Truncated_weights_are_refused()
    {
        using (var file = File.OpenWrite(Weights))
            file.SetLength(file.Length / 2);
        Refuses("model.safetensors", "truncated");
    }

    [Fact]
    public void Weights_cut_within_the_header_are_refused()
    {
        using (var file = File.OpenWrite(Weights))
            file.SetLength(100);
        Refuses("model.safetensors", "truncated");
    }

    [Fact]
    public void Empty_weights_are_refused()
    {
        File.WriteAllBytes(Weights, []);
        Refuses("model.safetensors", "too few");
    }

    [Fact]
    public void Overlapping_tensors_are_refused()
    {
        var tensors = Header().AsObject().Where(item => item.Key != "__metadata__").OrderBy(item => item.Value!["data_offsets"]![0]!.GetValue<long>()).Take(2).ToArray();
        EditHeader(header =>
        {
            var (first, second) = (header[tensors[0].Key]!["data_offsets"]!, header[tensors[1].Key]!["data_offsets"]!);
            var length = second[1]!.GetValue<long>() - second[0]!.GetValue<long>();
            second[0] = first[0]!.GetValue<long>();
            second[1] = first[0]!.GetValue<long>() + length;
        });
        Refuses("overlap", tensors[1].Key);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused()
    {
        EditHeader(header =>
        {
            var shape = header["visual_projection.weight"]!["shape"]!.AsArray();
            header["visual_projection.weight"]!["shape"] = new JsonArray(shape[1]!.GetValue<int>(), shape[0]!.GetValue<int>());
        });
        Refuses("visual_projection.weight", "shape");
    }

    [Fact]
    public void A_tensor_that_does_not_fill_its_bytes_is_refused()
    {
        EditHeader(header => header["visual_projection.weight"]!["shape"] = new JsonArray(1, 1));
        Refuses("visual_projection.weight", "does not fill");
    }

    [Theory]
    [InlineData("vision_model.post_layernorm.bias")]
    [InlineData("vision_model.encoder.layers.1.mlp.fc2.weight")]
    public void A_missing_tensor_is_named(string tensor)
    {
        EditHeader(header => header.Remove(tensor));
        Refuses(tensor, "missing");
    }

    [Theory]
    [InlineData("vision_model.post_layernorm.bias")]
    [InlineData("vision_model.encoder.layers.1.mlp.fc2.weight")]
    public void Weights_that_are_no_numbers_are_refused(string tensor)
    {
        var bytes = File.ReadAllBytes(Weights);
        var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes) + Header()[tensor]!["data_offsets"]![0]!.GetValue<int>();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(start), float.NaN);
        File.WriteAllBytes(Weights, bytes);
        Refuses(tensor, "finite");
    }

    [Fact]
    public void Integer_weights_are_refused()
    {
        EditHeader(header => header["visual_projection.weight"]!["dtype"] = "I32");
        Refuses("I32", "supported");
    }

    [Fact]
    public void A_shard_outside_the_directory_is_refused()
    {
        File.Delete(Weights);
        _folder.Write("model.safetensors.index.json", "{\"weight_map\": {\"logit_scale\": \"../secret.safetensors\"}}");
        Refuses("../secret.safetensors", "plain file name");
    }

    [Fact]
    public void An_unknown_key_of_the_models_own_settings_is_refused()
    {
        _folder.Write("sclip.json", "{\"crops\": 64}");
        Refuses("sclip.json", "crops");
    }

    [Fact]
    public void A_wrong_template_of_the_models_own_is_refused()
    {
        _folder.Write("sclip.json", "{\"templates\": [\"a photo\"]}");
        Refuses("sclip.json", "a photo");
    }

    [Fact]
    public void Sharded_and_half_precision_weights_give_the_same_model()
    {
        var header = Header().AsObject();
        var bytes = File.ReadAllBytes(Weights);
        var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var map = new JsonObject();
        var names = header.Select(item => item.Key).Where(name => name != "__metadata__").ToArray();
        foreach (var (part, shard) in names.Chunk((names.Length + 1) / 2).Select((part, i) => (part, $"model-{i + 1}-of-2.safetensors")))
        {
            using var data = new MemoryStream();
            var shardHeader = new JsonObject();
            foreach (var name in part)
            {
                var offsets = header[name]!["data_offsets"]!;
                var (from, to) = (offsets[0]!.GetValue<int>(), offsets[1]!.GetValue<int>());
                shardHeader[name] = new JsonObject
                {
                    ["dtype"] = header[name]!["dtype"]!.GetValue<string>(),
                    ["shape"] = header[name]!["shape"]!.DeepClone(),
                    ["data_offsets"] = new JsonArray(data.Length, data.Length + to - from),
                };
                data.Write(bytes, start + from, to - from);
                map[name] = shard;
            }
            File.WriteAllBytes(_folder[shard], Assemble(shardHeader, data.ToArray()));
        }
        File.Delete(Weights);
        _folder.Write("model.safetensors.index.json", new JsonObject { ["weight_map"] = map }.ToJsonString());
        using var sharded = ClipModel.Load(_folder.Path, 1);
        using var whole = ClipModel.Load(Sound, 1);
        Assert.Equal(whole.Fingerprint, sharded.Fingerprint);
    }

    [Theory]
    [InlineData("vision_model.encoder.layers.1.mlp.fc1.weight", true)]
    [InlineData("visual_projection.weight", true)]
    [InlineData("text_model.encoder.layers.1.mlp.fc1.weight", false)]
    public void The_last_value_of_any_of_the_vision_transformers_weights_is_part_of_what_features_depend_on(string tensor, bool isVision)
    {
        using var before = ClipModel.Load(Sound, 1, packVision: false);
        var file = File.ReadAllBytes(Weights);
        var start = 8 + BinaryPrimitives.ReadInt64LittleEndian(file);
        var end = JsonNode.Parse(file.AsSpan(8, (int)start - 8))![tensor]!["data_offsets"]![1]!.GetValue<long>();
        file[start + end - 4] ^= 1;
        File.WriteAllBytes(Weights, file);
        using var after = ClipModel.Load(_folder.Path, 1, packVision: false);
        Assert.Equal(isVision, before.VisionFingerprint != after.VisionFingerprint);
        using var again = ClipModel.Load(Sound, 2);
        Assert.Equal(before.VisionFingerprint, again.VisionFingerprint);
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Half_precision_weights_are_widened(string type)
    {
        var values = new float[] { 1, -2.5f, 0, 0.15625f };
        var data = values.SelectMany(value => BitConverter.GetBytes(type == "F16" ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))).ToArray();
        var header = new JsonObject { ["x"] = new JsonObject { ["dtype"] = type, ["shape"] = new JsonArray(2, 2), ["data_offsets"] = new JsonArray(0, 8) } };
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors", Assemble(header, data));
        using var tensors = SafeTensors.OpenDirectory(folder.Path);
        Assert.Equal(values, tensors.Read("x", 2, 2));
    }

    internal static byte[] Assemble(JsonObject header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        return [.. prefix, .. json, .. data];
    }

    /// <summary>On one thread and on several, which find the fault while others pack what is sound.</summary>
    private void Refuses(params string[] mentions)
    {
        foreach (var threads in (int[])[1, 4])
        {
            var error = Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, threads).Dispose());
            Assert.All(mentions, mention => Assert.Contains(mention, error.Message, StringComparison.Ordinal));
        }
    }

    private void Edit(string file, Action<JsonNode> edit)
    {
        var node = JsonNode.Parse(File.ReadAllText(_folder[file]))!;
        edit(node);
        _folder.Write(file, node.ToJsonString());
    }

    private JsonNode Header()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Sound, "model.safetensors"));
        return JsonNode.Parse(bytes.AsSpan(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)))!;
    }

    private void EditHeader(Action<JsonObject> edit)
    {
        var bytes = File.ReadAllBytes(Weights);
        var header = Header().AsObject();
        edit(header);
        File.WriteAllBytes(Weights, Assemble(header, bytes[(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes))..]));
    }
}
