namespace Sclip.Segmentation.Checkpoints;

/// <summary>The dictionary of named tensors in what a checkpoint holds: all of it, or what its <c>state_dict</c> or <c>model</c> is.</summary>
internal static class StateDictionary
{
    /// <summary>More weights than any model has.</summary>
    public const int MostTensors = 10_000;

    private const string ParallelPrefix = "module.";
    private static readonly string[] Wrappers = ["state_dict", "model"];

    /// <summary>The tensors by their names; of a TorchScript archive, those of all modules.</summary>
    /// <exception cref="ModelFormatException">There is none, or it holds something else.</exception>
    public static IEnumerable<(string Name, PickleTensor Tensor)> Find(object? value, string path)
    {
        if (value is PickleModule module)
            return ScriptModules.Flatten(module, path);
        if (value is not PickleDictionary dictionary)
            throw new ModelFormatException($"{path} holds no dictionary of weights. Save them so: torch.save(model.state_dict(), FILE).");
        if (!dictionary.Items.Any(item => item.Value is PickleTensor)
            && Wrappers.Select(wrapper => dictionary.Items.LastOrDefault(item => item.Key is string key && key == wrapper).Value).OfType<PickleDictionary>().FirstOrDefault() is { } wrapped)
            dictionary = wrapped;
        if (dictionary.Items.Count > MostTensors)
            throw new ModelFormatException($"{path} has {dictionary.Items.Count} weights; {MostTensors} are the most that are read.");
        var weights = dictionary.Items.Select(item => item is (string name, PickleTensor tensor)
            ? (Name: name, Tensor: tensor)
            : throw new ModelFormatException($"{path}: {(item.Key as string ?? "an entry").Shown()} among the weights is no named tensor. Save them so: torch.save(model.state_dict(), FILE).")).ToList();
        if (weights.GroupBy(weight => weight.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ModelFormatException($"{path}: {twice.Key.Shown()} is there twice.");
        // DataParallel calls all its model's weights so.
        var parallel = weights.TrueForAll(weight => weight.Name.StartsWith(ParallelPrefix, StringComparison.Ordinal));
        return weights.Select(weight => (parallel ? weight.Name[ParallelPrefix.Length..] : weight.Name, weight.Tensor));
    }
}
