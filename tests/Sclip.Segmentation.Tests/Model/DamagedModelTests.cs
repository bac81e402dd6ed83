using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Model;

/// <summary>Files of a model, damaged in whatever way, are read as what they say or refused: by one kind of exception, in the memory that the file is worth.</summary>
public sealed class DamagedModelTests : IDisposable
{
    private static readonly Gen<(string Type, int[] Shape, float[] Values)> Tensors =
        from type in Gen.OneOf("F32", "F16", "BF16", "I64")
        from shape in Gen.Int[0, 3].Array[0, 3]
        from values in Gen.Int[-8, 8].Select(value => value * 0.25f).Array[shape.Aggregate(1, (count, length) => count * length)]
        select (type, shape, values);

    private static readonly Gen<(byte[] Header, byte[] Data, (string Type, int[] Shape, float[] Values)[] Tensors)> Files = Tensors.Array[1, 4].Select(tensors =>
    {
        var (header, data) = (new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } }, new List<byte>());
        foreach (var (i, (type, shape, values)) in tensors.Index())
        {
            var start = data.Count;
            data.AddRange(values.SelectMany(value => Stored(type, value)));
            header[$"t{i}"] = new JsonObject { ["dtype"] = type, ["shape"] = new JsonArray([.. shape.Select(length => JsonValue.Create(length))]), ["data_offsets"] = new JsonArray(start, data.Count) };
        }
        return (Encoding.UTF8.GetBytes(header.ToJsonString()), data.ToArray(), tensors);
    });

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_are_read_as_they_were_stored() => Files.Holds(300, file =>
    {
        _folder.Write("model.safetensors", Join(file.Header, file.Data));
        using var tensors = SafeTensors.OpenDirectory(_folder.Path);
        Assert.Equal(file.Tensors.Select((_, i) => $"t{i}"), tensors.Names);
        foreach (var (i, (type, shape, values)) in file.Tensors.Index())
        {
            Assert.Equal((type, values.Length), (tensors.TypeOf($"t{i}"), tensors.Count($"t{i}")));
            if (type == "I64")
                Assert.Throws<ModelFormatException>(() => tensors.Read($"t{i}", shape));
            else
                Assert.Equal(values, tensors.Read($"t{i}", shape));
            Assert.Equal(values.SelectMany(value => Stored(type, value)).Take(9), tensors.Head($"t{i}", 9));
        }
    });

    [Fact]
    public void Damaged_weights_are_read_as_their_header_says_or_refused()
    {
        // A header that is damaged as a whole seldom fits its length: most are damaged before that is set.
        var headers = Gen.Select(Files, Damage.Faults, (file, faults) => Join(faults(file.Header), file.Data));
        Gen.Frequency((1, Files.Select(file => Join(file.Header, file.Data)).Damaged()), (3, headers)).Holds(3000, file =>
        {
            _folder.Write("model.safetensors", file);
            var (read, before) = (new List<(string Name, string Type, int[] Shape, float[] Values)>(), GC.GetAllocatedBytesForCurrentThread());
            Refuse(() =>
            {
                using var tensors = SafeTensors.OpenDirectory(_folder.Path);
                foreach (var name in tensors.Names)
                {
                    Assert.InRange(tensors.Head(name, 16).Length, 0, 16);
                    Refuse(() => read.Add((name, tensors.TypeOf(name), tensors.Shape(name), tensors.Read(name, tensors.Shape(name)))));
                }
            });
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 + 100L * file.Length);
            if (read.Count == 0)
                return;
            var start = 8 + BinaryPrimitives.ReadInt32LittleEndian(file);
            using var header = JsonDocument.Parse(file.AsMemory(8..start));
            foreach (var (name, type, shape, values) in read)
            {
                var entry = header.RootElement.GetProperty(name);
                Assert.Equal(entry.GetProperty("dtype").GetString(), type);
                Assert.Equal(entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32()), shape);
                Assert.Equal(file[(start + entry.GetProperty("data_offsets")[0].GetInt32())..(start + entry.GetProperty("data_offsets")[1].GetInt32())], values.SelectMany(value => Stored(type, value)));
            }
        }, Damage.Print);
    }

    [Theory]
    [InlineData("model.safetensors.index.json", """{"metadata": {"total_size": 8}, "weight_map": {"t0": "a.safetensors", "t1": "b.safetensors"}}""")]
    [InlineData("config.json", """{"model_type": "clip", "projection_dim": 8, "vision_config": {"hidden_act": "gelu", "layer_norm_eps": 1e-5, "image_size": 64}, "text_config": {"vocab_size": 99}}""")]
    [InlineData("config.json", """{"text_config_dict": {"hidden_size": 64, "num_attention_heads": 2}, "vision_config_dict": null, "vision_config": {}}""")]
    [InlineData("processor_config.json", """{"image_processor": {"do_rescale": true, "rescale_factor": 0.00392156862745098, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}, "processor_class": "CLIPProcessor"}""")]
    [InlineData("tokenizer.json", """{"added_tokens": [{"id": 4, "content": "<|endoftext|>"}], "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"}]}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"}, "behavior": "Removed", "invert": true}, {"type": "ByteLevel"}]}, "model": {"type": "BPE", "dropout": null, "end_of_word_suffix": "</w>", "vocab": {"a": 0, "b": 1, "b</w>": 2, "ab</w>": 3}, "merges": ["a b</w>", ["a", "b"]]}}""")]
    [InlineData("sclip.json", """{"short_side": 336, "crop": 224, "logit_scale": 40, "templates": ["a photo of a {}.", "a {}"]}""")]
    public void Damaged_settings_are_read_or_refused(string name, string text)
    {
        File.WriteAllBytes(_folder["a.safetensors"], Join("{}"u8.ToArray(), []));
        File.Copy(_folder["a.safetensors"], _folder["b.safetensors"]);
        var config = ClipConfig.Load(Golden.ModelDirectory(Golden.Models.First()));
        Action read = name switch
        {
            "config.json" => () => ClipConfig.Load(_folder.Path),
            "sclip.json" => () => ModelDefaults.Load(_folder.Path, config),
            "processor_config.json" => () => PreprocessorFile.Load(_folder.Path, _ => { }),
            "tokenizer.json" => () => TokenizerFile.Read(_folder[name], 99),
            _ => () => SafeTensors.OpenDirectory(_folder.Path).Dispose(),
        };
        _folder.Write(name, text);
        read();
        Gen.Const(Encoding.UTF8.GetBytes(text)).Damaged().Holds(1000, file =>
        {
            _folder.Write(name, file);
            Refuse(read);
        }, Damage.Print);
    }

    /// <summary>Any exception but one fails the test.</summary>
    private void Refuse(Action read)
    {
        try
        {
            read();
        }
        catch (ModelFormatException error)
        {
            Assert.StartsWith(_folder.Path, error.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Join(byte[] header, byte[] data) => [.. BitConverter.GetBytes((long)header.Length), .. header, .. data];

    private static byte[] Stored(string type, float value) => type switch
    {
        "F32" => BitConverter.GetBytes(value),
        "F16" => BitConverter.GetBytes((Half)value),
        "I64" => BitConverter.GetBytes((long)value),
        _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
    };
}
