using System.Buffers.Binary;
using Sclip.Segmentation.Checkpoints;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Checkpoints;

/// <summary>Converts checkpoints in a folder of its own, which must be as it was after a refusal.</summary>
internal sealed class CheckpointFixture : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    public SafeTensors Convert(params string[] names)
    {
        PyTorchWeights.Convert([.. names.Select(FakeCheckpoint.PathOf)], Folder["model.safetensors"], null, TestContext.Current.CancellationToken);
        Assert.Equal(Folder["model.safetensors"], Assert.Single(Directory.GetFileSystemEntries(Folder.Path)));
        return SafeTensors.OpenDirectory(Folder.Path);
    }

    public string Refuse(byte[] file)
    {
        Folder.Write("file.bin", file);
        var error = Assert.Throws<ModelFormatException>(() => PyTorchWeights.Convert([Folder["file.bin"]], Folder["model.safetensors"], null, TestContext.Current.CancellationToken));
        Assert.Equal(Folder["file.bin"], Assert.Single(Directory.GetFileSystemEntries(Folder.Path)));
        Assert.StartsWith(Folder["file.bin"], error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.True(error.Message.Length < 800);
        return error.Message;
    }

    /// <summary>The tensors that all sound checkpoints have (make.py).</summary>
    public static void AssertTensors(SafeTensors tensors, string type)
    {
        Assert.Equal(["logit_scale", "text_model.embeddings.position_ids", "text_model.embeddings.token_embedding.weight", "text_projection.weight", "vision_model.embeddings.patch_embedding.weight", "visual_projection.weight"], tensors.Names);
        Assert.Equal([4.5f], tensors.Read("logit_scale"));
        Assert.Equal(Ramp(200, 12), tensors.Read("text_model.embeddings.token_embedding.weight", 4, 3));
        Assert.Equal(Ramp(0, 6), tensors.Read("text_projection.weight", 2, 3));
        Assert.Equal(Ramp(100, 24), tensors.Read("vision_model.embeddings.patch_embedding.weight", 2, 3, 2, 2));
        Assert.Equal(Ramp(0, 6), tensors.Read("visual_projection.weight", 2, 3));
        Assert.All(tensors.Names, name => Assert.Equal(name.EndsWith("position_ids", StringComparison.Ordinal) ? "I64" : type, tensors.TypeOf(name)));
        Assert.Equal([1, 5], tensors.Shape("text_model.embeddings.position_ids"));
        var positions = tensors.Head("text_model.embeddings.position_ids", 40);
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadInt64LittleEndian(positions.AsSpan(8 * i))));
    }

    private static float[] Ramp(int start, int count) => [.. Enumerable.Range(start, count).Select(value => (float)value)];
}
