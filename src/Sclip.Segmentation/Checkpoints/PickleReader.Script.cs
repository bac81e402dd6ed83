namespace Sclip.Segmentation.Checkpoints;

/// <summary>What the pickle of a TorchScript archive has beside tensors: modules, made without arguments and given their attributes, and lists of numbers.</summary>
internal sealed partial class PickleReader
{
    /// <summary>A module is its attributes; what its class is called is of no concern, and its code is not read.</summary>
    private void NewModule()
    {
        if (Pop() is not object?[] { Length: 0 } || Pop() is not PickleName name || !PickleNames.IsScriptClass(name))
            throw Refused("makes something else than a module");
        _stack.Add(new PickleModule());
    }

    /// <summary>Whether the value below the state is a module, which has it from then on.</summary>
    private bool SetsAttributes(object? state)
    {
        if (Top() is not PickleModule module)
            return false;
        if (state is not PickleDictionary attributes || module.Attributes is not null)
            throw Refused("sets the state of a module to something that is none");
        module.Attributes = attributes;
        return true;
    }

    /// <summary>Lists are strides and paddings: weights are attributes by themselves.</summary>
    private void Append(int count)
    {
        PopTuple(count);
        if (Top() is not PickleList)
            throw Refused("appends to something that is no list");
    }
}
