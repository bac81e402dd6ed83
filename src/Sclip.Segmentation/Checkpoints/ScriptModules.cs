namespace Sclip.Segmentation.Checkpoints;

/// <summary>The weights of the modules of a TorchScript archive, under the names that the state dictionary of such a model has.</summary>
internal static class ScriptModules
{
    private const int MostLevels = 64;

    /// <exception cref="ModelFormatException">Modules lie in each other, or in more than one place, or there are too many weights.</exception>
    public static List<(string Name, PickleTensor Tensor)> Flatten(PickleModule module, string path)
    {
        var weights = new List<(string Name, PickleTensor Tensor)>();
        // A module that lay in itself would have no end, and one that lay in many places could have more names than there is memory for.
        var seen = new HashSet<PickleModule>();
        Add(module, "", 0);
        if (weights.GroupBy(weight => weight.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ModelFormatException($"{path}: {twice.Key.Shown()} is there twice.");
        return weights;

        void Add(PickleModule of, string prefix, int level)
        {
            if (!seen.Add(of) || level > MostLevels)
                throw new ModelFormatException($"{path}: the module {prefix.Shown()} lies in more than one place, or deeper than a model's modules do.");
            foreach (var (key, value) in of.Attributes?.Items ?? [])
            {
                if (key is not string name)
                    throw new ModelFormatException($"{path}: an attribute of the module {prefix.Shown()} has no name.");
                if (value is PickleModule inner)
                    Add(inner, $"{prefix}{name}.", level + 1);
                else if (value is PickleTensor tensor)
                    weights.Add(($"{prefix}{name}", tensor));
                if (weights.Count > StateDictionary.MostTensors)
                    throw new ModelFormatException($"{path} has more than {StateDictionary.MostTensors} weights, the most that are read.");
            }
        }
    }
}
