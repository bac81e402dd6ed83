namespace Sclip.Segmentation.Checkpoints;

/// <summary>All names that a checkpoint of weights may have, and what they stand for.</summary>
internal static class PickleNames
{
    public static readonly PickleName Dictionary = new("collections", "OrderedDict"), Tensor = new("torch._utils", "_rebuild_tensor_v2"), Parameter = new("torch._utils", "_rebuild_parameter");

    private static readonly Dictionary<PickleName, (string Type, int Bytes)> Storages = new()
    {
        [new("torch", "FloatStorage")] = ("F32", 4),
        [new("torch", "HalfStorage")] = ("F16", 2),
        [new("torch", "BFloat16Storage")] = ("BF16", 2),
        [new("torch", "DoubleStorage")] = ("F64", 8),
        [new("torch", "LongStorage")] = ("I64", 8),
        [new("torch", "IntStorage")] = ("I32", 4),
        [new("torch", "ShortStorage")] = ("I16", 2),
        [new("torch", "CharStorage")] = ("I8", 1),
        [new("torch", "ByteStorage")] = ("U8", 1),
        [new("torch", "BoolStorage")] = ("BOOL", 1),
    };

    private const string ScriptModules = "__torch__", ScriptLists = "torch.jit._pickle";
    private static readonly string[] ListFunctions = ["build_intlist", "build_doublelist", "build_boollist", "restore_type_tag"];

    public static bool Allows(PickleName name, bool script) =>
        name == Dictionary || name == Tensor || name == Parameter || Storages.ContainsKey(name) || (script && (IsScriptClass(name) || MakesList(name)));

    /// <summary>Whether a name is of a class that a TorchScript archive defines itself.</summary>
    public static bool IsScriptClass(PickleName name) => name.Module == ScriptModules || name.Module.StartsWith($"{ScriptModules}.", StringComparison.Ordinal);

    /// <summary>Whether a name is of a function that says of what type a list is.</summary>
    public static bool MakesList(PickleName name) => name.Module == ScriptLists && ListFunctions.Contains(name.Name);

    /// <summary>The type of values that a storage's class has; null where the value is no such class.</summary>
    public static (string Type, int Bytes)? StorageOf(object? value) => value is PickleName name && Storages.TryGetValue(name, out var type) ? type : null;
}
