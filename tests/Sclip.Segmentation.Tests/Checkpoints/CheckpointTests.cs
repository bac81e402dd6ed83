using Sclip.Segmentation.Checkpoints;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Checkpoints;

/// <summary>What PyTorch wrote is converted value by value, or refused with what it is.</summary>
public sealed class CheckpointTests
{
    [Theory]
    [InlineData("plain.bin", "F32")]
    [InlineData("state-dict.bin", "F32")]
    [InlineData("model.bin", "F32")]
    [InlineData("half.bin", "F16")]
    [InlineData("bfloat16.bin", "BF16")]
    [InlineData("parameters.bin", "F32")]
    [InlineData("views.bin", "F32")]
    [InlineData("shared.bin", "F32")]
    [InlineData("protocol-4.bin", "F32")]
    [InlineData("parallel.bin", "F32")]
    public void A_checkpoint_is_converted_value_by_value(string file, string type)
    {
        using var fixture = new CheckpointFixture();
        using var tensors = fixture.Convert(file);
        CheckpointFixture.AssertTensors(tensors, type);
    }

    [Fact]
    public void Shards_become_one_file()
    {
        using var fixture = new CheckpointFixture();
        using var tensors = fixture.Convert("shard-1.bin", "shard-2.bin");
        CheckpointFixture.AssertTensors(tensors, "F32");
    }

    [Fact]
    public void A_tensor_in_two_shards_is_refused()
    {
        using var fixture = new CheckpointFixture();
        var error = Assert.Throws<ModelFormatException>(() => fixture.Convert("plain.bin", "shard-1.bin"));
        Assert.Contains("logit_scale is there twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before-1.6.bin", "PyTorch's format before 1.6")]
    [InlineData("torchscript.bin", "no CLIP in Hugging Face naming: vision_model.embeddings.patch_embedding.weight is missing; it has weight, bias.")]
    [InlineData("module.bin", "names torch.nn.modules.linear.Linear")]
    [InlineData("list.bin", "0x5d (EMPTY_LIST)")]
    [InlineData("stretched.bin", "logit_scale of shape [100, 100] repeats its 1 stored values")]
    [InlineData("no-clip.bin", "no CLIP in Hugging Face naming: vision_model.embeddings.patch_embedding.weight is missing; it has weight, bias.")]
    public void What_holds_no_weights_of_a_CLIP_is_refused_with_what_it_is(string file, string expected)
    {
        using var fixture = new CheckpointFixture();
        Assert.Contains(expected, fixture.Refuse(FakeCheckpoint.Of(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_model_loads_with_the_values_it_was_saved_with()
    {
        using var folder = new TemporaryFolder();
        var source = Golden.ModelDirectory(Golden.Models.First());
        foreach (var file in Directory.GetFiles(source).Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
            File.Copy(file, folder[Path.GetFileName(file)]);
        using var expected = SafeTensors.OpenDirectory(source);
        var weights = expected.Names.Where(name => expected.TypeOf(name) == "F32").ToArray();
        var (pickle, entries) = (new FakePickle().Raw((byte)'}'), new List<(string, byte[])>());
        foreach (var name in weights)
        {
            long[] shape = [.. expected.Shape(name)];
            var strides = shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, length) => product * length)).ToArray();
            pickle.Text(name).Tensor(name, expected.Count(name), 0, shape, strides).Raw((byte)'s');
            entries.Add(($"data/{name}", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(expected.Read(name, expected.Shape(name))).ToArray()));
        }
        folder.Write(PyTorchWeights.FileName, FakeCheckpoint.Zip([("data.pkl", pickle.End()), .. entries]));
        PyTorchWeights.Convert(PyTorchWeights.FilesOf(folder.Path), folder["model.safetensors"], null, TestContext.Current.CancellationToken);
        using var model = ClipModel.Load(folder.Path, 1);
        Assert.Equal(weights, model.Tensors.Names);
        Assert.All(weights, name => Assert.Equal(expected.Read(name, expected.Shape(name)), model.Tensors.Read(name, expected.Shape(name))));
    }

    [Fact]
    public void Progress_ends_with_all_bytes()
    {
        using var fixture = new CheckpointFixture();
        var told = new List<(long Bytes, long Total)>();
        PyTorchWeights.Convert([FakeCheckpoint.PathOf("half.bin")], fixture.Folder["model.safetensors"], (bytes, total) => told.Add((bytes, total)), TestContext.Current.CancellationToken);
        Assert.Equal(6, told.Count);
        Assert.Equal((138, 138), told[^1]);
    }

    [Fact]
    public void A_cancelled_conversion_leaves_nothing()
    {
        using var fixture = new CheckpointFixture();
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => PyTorchWeights.Convert(
            [FakeCheckpoint.PathOf("plain.bin")], fixture.Folder["model.safetensors"], (_, _) => cancelled.Cancel(), cancelled.Token));
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Folder.Path));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("pytorch_model.bin")]
    public void A_pointer_of_Git_LFS_is_called_that(string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 605247071\n");
        var error = Assert.Throws<ModelFormatException>(() =>
        {
            if (file == PyTorchWeights.FileName)
                PyTorchWeights.Convert(PyTorchWeights.FilesOf(folder.Path), folder["model.safetensors"], null, TestContext.Current.CancellationToken);
            SafeTensors.OpenDirectory(folder.Path).Dispose();
        });
        Assert.StartsWith($"{folder[file]} is a Git LFS pointer, not the weights", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model.bin.index.json")]
    public void A_directory_with_weights_of_PyTorch_alone_says_how_to_convert_them(string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, "{}");
        var error = Assert.Throws<ModelFormatException>(() => SafeTensors.OpenDirectory(folder.Path).Dispose());
        Assert.Contains($"sclip model convert {folder.Path} --out DIR", error.Message, StringComparison.Ordinal);
    }
}
