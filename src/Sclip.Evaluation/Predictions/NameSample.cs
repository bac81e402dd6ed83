using Sclip.Contracts.Jobs;

namespace Sclip.Evaluation.Predictions;

/// <summary>Counts names and keeps the first few by the alphabet, whatever the order in which they come.</summary>
public sealed class NameSample
{
    private const int Kept = 5;

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>The first few.</summary>
    public IReadOnlyCollection<string> First => _names;

    /// <summary>Counts a name.</summary>
    public void Add(string name)
    {
        Count++;
        _names.Add(name);
        if (_names.Count > Kept)
            _names.Remove(_names.Max!);
    }

    /// <summary>The first few between commas, and that there are more.</summary>
    public override string ToString() => string.Join(", ", _names.Select(JobNames.Shown)) + (Count > _names.Count ? ", …" : "");
}
