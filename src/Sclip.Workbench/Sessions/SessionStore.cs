using System.Collections.Concurrent;

namespace Sclip.Workbench.Sessions;

/// <summary>The sessions of a process.</summary>
public sealed class SessionStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>All, the oldest first.</summary>
    public IReadOnlyList<Session> All => [.. _sessions.Values.OrderBy(session => session.Begun)];

    /// <summary>Takes one up.</summary>
    public void Add(Session session) => _sessions[session.Id] = session;

    /// <summary>One of them.</summary>
    /// <exception cref="WorkbenchException">There is none.</exception>
    public Session Find(string id)
    {
        if (!_sessions.TryGetValue(id, out var session))
            throw new WorkbenchException(404, "There is no such session (any more): begin one.");
        session.Touch();
        return session;
    }

    /// <summary>Ends one.</summary>
    /// <exception cref="WorkbenchException">There is none.</exception>
    public async Task EndAsync(string id)
    {
        if (!await TryEndAsync(id))
            Find(id);
    }

    /// <summary>Ends one; false where there is none.</summary>
    internal async Task<bool> TryEndAsync(string id)
    {
        if (!_sessions.TryRemove(id, out var session))
            return false;
        await session.DisposeAsync();
        return true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var id in _sessions.Keys)
            await TryEndAsync(id);
    }
}
