namespace Sclip.Dispatcher.Estimating;

/// <summary>Some of a stream whose length is not known, evenly spread: every item, then every second, every fourth, as it grows.</summary>
/// <param name="most">Items that are wanted; up to twice as many are held.</param>
internal sealed class SpreadSample<T>(int most)
{
    private readonly List<T> _items = [];
    private long _step = 1;

    /// <summary>Items that were seen.</summary>
    public long Seen { get; private set; }

    /// <summary>What was chosen.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Sees an item.</summary>
    public void Add(T item)
    {
        if (Seen++ % _step != 0)
            return;
        _items.Add(item);
        if (_items.Count < 2 * most)
            return;
        for (var i = 0; i < most; i++)
            _items[i] = _items[2 * i];
        _items.RemoveRange(most, _items.Count - most);
        _step *= 2;
    }
}
