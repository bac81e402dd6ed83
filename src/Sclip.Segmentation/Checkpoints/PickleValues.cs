namespace Sclip.Segmentation.Checkpoints;

/// <summary>A dictionary of a pickle, in its order. Keys are not looked up while it is read.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A module of a TorchScript archive.</summary>
internal sealed class PickleModule
{
    /// <summary>Weights, modules and settings by their names; null while they are not set.</summary>
    public PickleDictionary? Attributes { get; set; }
}

/// <summary>A list, of which no weight needs what is in it.</summary>
internal sealed class PickleList;

/// <summary>A class or function that a pickle names; one of <see cref="PickleNames"/>, and never more than a name.</summary>
internal sealed record PickleName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A run of values of one type, which lies in an entry of its own.</summary>
/// <param name="Type">As safetensors calls it.</param>
/// <param name="Bytes">Bytes of a value.</param>
/// <param name="Key">The entry's name below <c>data/</c>.</param>
/// <param name="Count">Number of values.</param>
internal sealed record PickleStorage(string Type, int Bytes, string Key, long Count);

/// <summary>A view of a storage: the value at index (i, j, ...) is number Offset + i Strides[0] + j Strides[1] + ... of it.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, int[] Shape, long[] Strides);
