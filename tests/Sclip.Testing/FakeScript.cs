using System.Runtime.InteropServices;

namespace Sclip.Testing;

/// <summary>Checkpoints of models with OpenAI's names: archives of TorchScript, as OpenAI published them, and plain state dictionaries.</summary>
public static class FakeScript
{
    /// <summary>An archive as torch.jit.save writes it: modules within modules, lists of numbers among their attributes, and a program, which is compressed.</summary>
    public static byte[] Archive(OpenClipModel.Tensors tensors)
    {
        var pickle = new FakePickle();
        Module(pickle, "", [.. tensors.Keys]);
        return FakeCheckpoint.Zip([("data.pkl", pickle.End()), ("constants.pkl", new FakePickle().Raw((byte)')').End()), ("code/__torch__.py", "class CLIP(Module):\n  ..."u8.ToArray()), .. Values(tensors)]);

        void Module(FakePickle into, string prefix, string[] names)
        {
            into.Name("__torch__.clip.model", "CLIP").Raw((byte)')', 0x81, (byte)'}', (byte)'(');
            into.Text("training").Raw(0x89).Text("_is_full_backward_hook").Raw((byte)'N');
            into.Text("padding").Name("torch.jit._pickle", "build_intlist").Raw((byte)']', (byte)'(').Number(0).Number(0).Raw((byte)'e', 0x85, (byte)'R');
            foreach (var group in names.GroupBy(name => name[prefix.Length..].Split('.')[0]))
            {
                into.Text(group.Key);
                if (group.First() == prefix + group.Key)
                    Tensor(into, group.First(), tensors[group.First()].Shape);
                else
                    Module(into, $"{prefix}{group.Key}.", [.. group]);
            }
            into.Raw((byte)'u', (byte)'b');
        }
    }

    /// <summary>A plain state dictionary, or one below a key.</summary>
    public static byte[] StateDictionary(OpenClipModel.Tensors tensors, string? key = null)
    {
        var pickle = new FakePickle().Raw((byte)'}');
        if (key is not null)
            pickle.Text(key).Raw((byte)'}');
        foreach (var (name, (shape, _)) in tensors)
        {
            pickle.Text(name);
            Tensor(pickle, name, shape);
            pickle.Raw((byte)'s');
        }
        if (key is not null)
            pickle.Raw((byte)'s');
        return FakeCheckpoint.Zip([("data.pkl", pickle.End()), .. Values(tensors)]);
    }

    private static void Tensor(FakePickle pickle, string name, int[] shape) => pickle.Tensor(
        name, shape.Aggregate(1L, (product, axis) => product * axis), 0, [.. shape.Select(axis => (long)axis)],
        [.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (product, length) => product * length))]);

    private static IEnumerable<(string, byte[])> Values(OpenClipModel.Tensors tensors) =>
        tensors.Select(tensor => ($"data/{tensor.Key}", MemoryMarshal.AsBytes(tensor.Value.Values.AsSpan()).ToArray()));
}
