namespace Sclip.Worker.Engines;

/// <summary>
/// Values that are loaded once, shared by all who ask, and kept in a bounded number: those that were not used for longest go first, those
/// in use never. A load is given up when nobody waits for it any more, and one that fails leaves nothing behind.
/// </summary>
/// <param name="kept">Most values; more only while all of them are in use.</param>
internal sealed class SharedCache<TKey, TValue>(int kept) : IDisposable
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private long _clock;
    private bool _disposed;

    /// <summary>Keys of the values that are there.</summary>
    public IReadOnlyList<TKey> Loaded
    {
        get
        {
            lock (_lock)
                return [.. _entries.Values.Where(entry => entry.Loaded).Select(entry => entry.Key)];
        }
    }

    /// <summary>Takes a value, loading it where it is not there; it stays until the result is disposed of.</summary>
    /// <param name="key">What tells values apart.</param>
    /// <param name="load">Called where neither the value nor a load of it is there; its token ends when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The cache is disposed of.</exception>
    public async Task<Holding> RentAsync(TKey key, Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Entry? entry;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entries.TryGetValue(key, out entry))
            {
                var added = entry = new Entry(key);
                _entries.Add(key, added);
                added.Loading = Task.Run(() => LoadAsync(added, load));
            }
            entry.Users++;
        }
        try
        {
            return new Holding(this, entry, await entry.Loading.WaitAsync(cancellationToken));
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    /// <summary>Drops values that are not in use while there are more than are kept.</summary>
    /// <param name="coming">Values that are about to be there too.</param>
    public void MakeRoom(int coming = 0)
    {
        TValue?[] unused;
        lock (_lock)
        {
            var loaded = _entries.Values.Where(entry => entry.Loaded).ToArray();
            unused = [.. loaded.Where(entry => entry.Users == 0).OrderBy(entry => entry.LastUse).Take(loaded.Length + coming - kept).Select(Drop)];
        }
        foreach (var value in unused)
            (value as IDisposable)?.Dispose();
    }

    /// <summary>Gives up what is being loaded and drops what is not in use; the rest goes as soon as it is given back.</summary>
    public void Dispose()
    {
        Entry[] entries;
        TValue?[] unused;
        lock (_lock)
        {
            _disposed = true;
            entries = [.. _entries.Values];
            unused = [.. entries.Select(Drop)];
        }
        foreach (var entry in entries)
            entry.Unwanted.Cancel();
        foreach (var value in unused)
            (value as IDisposable)?.Dispose();
    }

    private async Task<TValue> LoadAsync(Entry entry, Func<CancellationToken, Task<TValue>> load)
    {
        TValue value;
        try
        {
            value = await load(entry.Unwanted.Token);
        }
        catch
        {
            // Out before those who wait are told, so that whoever asks then gets a load of its own.
            lock (_lock)
                Drop(entry);
            throw;
        }
        TValue? unused;
        lock (_lock)
        {
            (entry.Loaded, entry.Value) = (true, value);
            unused = entry.TakeUnused();
        }
        (unused as IDisposable)?.Dispose();
        MakeRoom();
        return value;
    }

    private void Release(Entry entry)
    {
        TValue? unused;
        bool unwanted;
        lock (_lock)
        {
            entry.LastUse = ++_clock;
            entry.Users--;
            unwanted = entry is { Users: 0, Loaded: false };
            unused = unwanted ? Drop(entry) : entry.TakeUnused();
        }
        if (unwanted)
            entry.Unwanted.Cancel();
        (unused as IDisposable)?.Dispose();
        MakeRoom();
    }

    /// <summary>Takes an entry out, under the lock; returns its value where the caller must dispose of it.</summary>
    private TValue? Drop(Entry entry)
    {
        entry.Dropped = true;
        if (_entries.TryGetValue(entry.Key, out var current) && current == entry)
            _entries.Remove(entry.Key);
        return entry.TakeUnused();
    }

    /// <summary>A value in use.</summary>
    public sealed class Holding : IDisposable
    {
        private readonly SharedCache<TKey, TValue> _cache;
        private Entry? _entry;

        internal Holding(SharedCache<TKey, TValue> cache, Entry entry, TValue value) => (_cache, _entry, Value) = (cache, entry, value);

        /// <summary>The value.</summary>
        public TValue Value { get; }

        /// <summary>Gives it back.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _entry, null) is { } entry)
                _cache.Release(entry);
        }
    }

    /// <summary>A value, or the load of one; all that changes does so under the lock.</summary>
    internal sealed class Entry(TKey key)
    {
        public TKey Key => key;

        /// <summary>Ends the load when nobody wants it.</summary>
        public CancellationTokenSource Unwanted { get; } = new();

        public Task<TValue> Loading { get; set; } = null!;

        public bool Loaded { get; set; }

        public TValue? Value { get; set; }

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool Dropped { get; set; }

        /// <summary>The value, once, where it is neither kept nor in use any more.</summary>
        public TValue? TakeUnused()
        {
            var unused = Dropped && Users == 0 ? Value : null;
            Value = unused is null ? Value : null;
            return unused;
        }
    }
}
