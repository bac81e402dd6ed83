namespace Sclip.Formats.Writing;

/// <summary>What a format has for each part of the data set, such as a document.</summary>
internal sealed class PerSplit<T> : IAsyncDisposable
    where T : IAsyncDisposable
{
    private readonly Dictionary<string, T> _parts;

    public PerSplit(Splits splits, Func<string, T> create) => _parts = splits.Names.ToDictionary(name => name, create);

    /// <summary>That of a picture's part.</summary>
    public T this[LabelledPicture picture] => _parts[picture.Split];

    /// <summary>Does something with each.</summary>
    public async Task ForEachAsync(Func<T, Task> action)
    {
        foreach (var part in _parts.Values)
            await action(part);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts.Values)
            await part.DisposeAsync();
    }
}
