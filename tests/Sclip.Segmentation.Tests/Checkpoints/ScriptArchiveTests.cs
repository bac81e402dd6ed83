using System.Text.Json.Nodes;
using Sclip.Segmentation.Checkpoints;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Checkpoints;

/// <summary>Of an archive of TorchScript the modules' weights are read, and nothing else in it is.</summary>
public sealed class ScriptArchiveTests : IDisposable
{
    private static readonly OpenClipModel.Tensors Weights = OpenClipModel.TensorsOf(Golden.ModelDirectory(Golden.Models.First()));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_archive_has_the_weights_of_the_state_dictionary_under_its_names()
    {
        PyTorchWeights.ConvertAsNamed([_folder.Write("a.pt", FakeScript.Archive(Weights))], _folder["a.safetensors"], null, TestContext.Current.CancellationToken);
        PyTorchWeights.ConvertAsNamed([_folder.Write("b.pt", FakeScript.StateDictionary(Weights))], _folder["b.safetensors"], null, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(_folder["b.safetensors"]), File.ReadAllBytes(_folder["a.safetensors"]));
        using var tensors = SafeTensors.Open(_folder["a.safetensors"], [_folder["a.safetensors"]]);
        Assert.Equal(Weights.Keys.Order(StringComparer.Ordinal), tensors.Names);
        Assert.All(Weights, weight => Assert.Equal(weight.Value.Values, tensors.Read(weight.Key, weight.Value.Shape)));
    }

    /// <summary>Heads are of width 64 in the golden models, as in OpenAI's.</summary>
    [Fact]
    public void Shapes_tell_the_architecture()
    {
        foreach (var model in Golden.Models)
        {
            var tensors = OpenClipModel.TensorsOf(Golden.ModelDirectory(model));
            foreach (var file in (byte[][])[FakeScript.Archive(tensors), FakeScript.StateDictionary(tensors)])
            {
                var config = OpenAiWeights.Read(_folder.Write("model.pt", file))!.Config();
                _folder.Write(OpenClipModel.Config, config);
                Assert.Equal(ClipConfig.Load(Golden.ModelDirectory(model)), ClipConfig.Load(_folder.Path));
                Assert.True(JsonNode.Parse(config)!["model_cfg"]!["quick_gelu"]!.GetValue<bool>());
            }
        }
    }

    [Fact]
    public void A_plain_dictionary_is_OpenAI_s_for_certain_with_its_three_numbers()
    {
        Assert.True(OpenAiWeights.Read(_folder.Write("a.pt", FakeScript.Archive(Weights)))!.IsCertain);
        Assert.False(OpenAiWeights.Read(_folder.Write("b.pt", FakeScript.StateDictionary(Weights)))!.IsCertain);
        var published = With(("input_resolution", []), ("context_length", []), ("vocab_size", []));
        Assert.True(OpenAiWeights.Read(_folder.Write("c.pt", FakeScript.StateDictionary(published)))!.IsCertain);
        Assert.Null(OpenAiWeights.Read(FakeCheckpoint.PathOf("plain.bin")));
    }

    [Fact]
    public void What_shapes_do_not_tell_is_refused_by_name()
    {
        Refuses("the vision tower is a ResNet (visual.layer1.0.conv1.weight)", With(("visual.layer1.0.conv1.weight", [2])));
        Refuses("the vision tower is timm's (visual.trunk.cls_token)", With(("visual.trunk.cls_token", [2])));
        Refuses("a tower's width is 96, no multiple of 64", With(("token_embedding.weight", [10, 96])));
        Refuses("a tower's width is 0", With(("visual.conv1.weight", [0, 3, 16, 16])));
        Refuses("positional_embedding has shape [5]", With(("positional_embedding", [5])));
        Refuses("tensor visual.conv1.weight is missing; is it a CLIP with OpenAI's names?", new() { ["visual.head"] = ([1], [1]) });

        void Refuses(string expected, OpenClipModel.Tensors tensors)
        {
            var weights = OpenAiWeights.Read(_folder.Write("model.pt", FakeScript.StateDictionary(tensors)))!;
            var error = Assert.Throws<ModelFormatException>(weights.Config);
            Assert.StartsWith(_folder["model.pt"], error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_module_or_list_of_numbers_is_refused()
    {
        Refuses("names torch.jit._pickle.build_tensorlist", pickle => pickle.Name("torch.jit._pickle", "build_tensorlist"));
        Refuses("names __torch__evil.A", pickle => pickle.Name("__torch__evil", "A"));
        Refuses("names posix.system", pickle => pickle.Name("posix", "system"));
        Refuses("calls __torch__.A with other arguments", pickle => pickle.Name("__torch__", "A").Raw((byte)')', (byte)'R'));
        Refuses("calls torch.jit._pickle.build_intlist with other arguments", pickle => pickle.Name("torch.jit._pickle", "build_intlist").Numbers(1).Raw((byte)'R'));
        Refuses("makes something else than a module", pickle => pickle.Name("collections", "OrderedDict").Raw((byte)')', 0x81));
        Refuses("makes something else than a module", pickle => pickle.Name("__torch__", "A").Numbers(1).Raw(0x81));
        Refuses("sets the state of a module to something that is none", pickle => Module(pickle).Number(1).Raw((byte)'b'));
        Refuses("sets the state of a module to something that is none", pickle => Module(pickle).Raw((byte)'}', (byte)'b', (byte)'}', (byte)'b'));
        Refuses("appends to something that is no list", pickle => pickle.Raw((byte)'}', (byte)'(').Number(1).Raw((byte)'e'));
        Refuses("lacks its values", pickle => pickle.Raw((byte)'e'));
        Refuses("lacks its values", pickle => pickle.Raw(0x81));
        Refuses("an attribute of the module  has no name", pickle => Module(pickle).Raw((byte)'}').Number(1).Number(2).Raw((byte)'s', (byte)'b'));
    }

    [Fact]
    public void Modules_that_lie_in_themselves_or_too_deep_are_refused()
    {
        Refuses("lies in more than one place", pickle => Module(pickle).Raw((byte)'q', 0, (byte)'}').Text("self").Raw((byte)'h', 0, (byte)'s', (byte)'b'));
        Refuses("lies in more than one place", pickle =>
        {
            // A module in each, 3,000 of them.
            for (var i = 0; i < 3_000; i++)
                Module(pickle).Raw((byte)'}').Text("in");
            Module(pickle).Raw((byte)'}', (byte)'b');
            for (var i = 0; i < 3_000; i++)
                pickle.Raw((byte)'s', (byte)'b');
        });
    }

    [Fact]
    public void Any_byte_changed_is_converted_or_refused_and_nothing_else()
    {
        var whole = FakeScript.Archive(new() { ["visual.a.b"] = ([2, 3], [1, 2, 3, 4, 5, 6]), ["c"] = ([], [1]) });
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var changed = whole.ToArray();
            for (var j = 0; j <= i % 3; j++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var path = _folder.Write("file.pt", changed);
            var error = Record.Exception(() => PyTorchWeights.ConvertAsNamed([path], _folder["model.safetensors"], null, TestContext.Current.CancellationToken));
            Assert.True(error is null or ModelFormatException, error?.ToString());
        }
    }

    private static FakePickle Module(FakePickle pickle) => pickle.Name("__torch__", "A").Raw((byte)')', 0x81);

    private static OpenClipModel.Tensors With(params (string Name, int[] Shape)[] changes)
    {
        var tensors = new OpenClipModel.Tensors();
        foreach (var (name, tensor) in Weights)
            tensors[name] = tensor;
        foreach (var (name, shape) in changes)
            tensors[name] = (shape, new float[shape.Aggregate(1, (product, axis) => product * axis)]);
        return tensors;
    }

    private void Refuses(string expected, Action<FakePickle> write)
    {
        var pickle = new FakePickle();
        write(pickle);
        var path = _folder.Write("model.pt", FakeCheckpoint.Zip(("data.pkl", pickle.End()), ("code/a.py", [])));
        var error = Assert.Throws<ModelFormatException>(() => OpenAiWeights.Read(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
