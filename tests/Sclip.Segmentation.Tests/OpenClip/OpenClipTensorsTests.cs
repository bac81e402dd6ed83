using Sclip.Testing;

namespace Sclip.Segmentation.Tests.OpenClip;

/// <summary>Tensors that do not fit are named as their file names them, with the file.</summary>
public sealed class OpenClipTensorsTests : IDisposable
{
    private static readonly string Source = Golden.ModelDirectory(Golden.Models.First());
    private readonly TemporaryFolder _folder = new();
    private readonly OpenClipModel.Tensors _tensors = OpenClipModel.TensorsOf(Source);

    public OpenClipTensorsTests()
    {
        foreach (var (file, content) in OpenClipModel.Files(Source))
            _folder.Write(file, content);
    }

    private string Weights => _folder[OpenClipModel.Weights];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("visual.proj")]
    [InlineData("visual.transformer.resblocks.1.attn.in_proj_weight")]
    [InlineData("positional_embedding")]
    public void A_missing_tensor_is_named(string name)
    {
        _tensors.Remove(name);
        Refuses($"{Weights}: tensor {name} is missing, which open_clip_config.json asks for.");
    }

    [Theory]
    [InlineData("visual.proj")]
    [InlineData("visual.transformer.resblocks.0.attn.in_proj_weight")]
    [InlineData("text_projection")]
    public void A_tensor_of_another_shape_is_named(string name)
    {
        var ((rows, columns), values) = ((_tensors[name].Shape[0], _tensors[name].Shape[1]), _tensors[name].Values);
        _tensors[name] = ([columns, rows], values);
        Refuses($"{Weights}: {name} has shape [{columns}, {rows}]; open_clip_config.json asks for [{rows}, {columns}].");
    }

    [Theory]
    [InlineData("visual.transformer.resblocks.0.ls_1.gamma")]
    [InlineData("visual.transformer.resblocks.7.ln_1.weight")]
    [InlineData("text_decoder.ln_final.weight")]
    public void An_unknown_tensor_is_named(string name)
    {
        _tensors[name] = ([2], [1, 1]);
        Refuses($"{Weights}: {name} is no tensor of a CLIP ViT as open_clip_config.json describes it");
    }

    [Theory]
    [InlineData("visual.proj")]
    [InlineData("visual.transformer.resblocks.0.attn.in_proj_weight")]
    public void A_tensor_that_holds_no_numbers_is_named(string name)
    {
        _tensors[name].Values[^1] = float.NaN;
        Refuses($"{Weights}: {name} holds values that are no finite numbers");
    }

    [Fact]
    public void Missing_weights_are_named_and_those_of_PyTorch_are_to_be_converted()
    {
        File.Delete(Weights);
        Assert.StartsWith($"{Weights} is missing", Fails(), StringComparison.Ordinal);
        _folder.Write("open_clip_pytorch_model.bin", "");
        Assert.Contains($"sclip model convert {_folder.Path} --out DIR", Fails(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vision_model.encoder.layers.0.layer_scale1")]
    [InlineData("text_model.embeddings.token_type_embedding.weight")]
    public void An_unknown_tensor_in_a_tower_of_Hugging_Face_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Source))
            File.Copy(file, folder[Path.GetFileName(file)]);
        using (var source = SafeTensors.OpenDirectory(Source))
        {
            var tensors = new OpenClipModel.Tensors { [name] = ([1], [1]), ["head.weight"] = ([1], [1]) };
            foreach (var tensor in source.Names.Where(tensor => source.TypeOf(tensor) == "F32"))
                tensors[tensor] = (source.Shape(tensor), source.Read(tensor, source.Shape(tensor)));
            folder.Write("model.safetensors", OpenClipModel.SafeTensors(tensors));
        }
        var error = Assert.Throws<ModelFormatException>(() => ClipModel.Load(folder.Path, 1).Dispose());
        Assert.StartsWith($"{folder["model.safetensors"]}: {name} is no tensor of a CLIP ViT", error.Message, StringComparison.Ordinal);
    }

    private void Refuses(string expected)
    {
        _folder.Write(OpenClipModel.Weights, OpenClipModel.SafeTensors(_tensors));
        Assert.StartsWith(expected, Fails(), StringComparison.Ordinal);
    }

    private string Fails() => Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, 1).Dispose()).Message;
}
