namespace Sclip.Storage;

/// <summary>
/// Named blobs, '/' between the parts of a name: where pictures come from and results go. Writes are whole or not at all, and may be made
/// to depend on what is there. All members throw <see cref="BlobStoreException"/>, whose <see cref="BlobStoreException.Fault"/> tells a blob
/// that is not there from a store that is; it comes where the result is awaited, and so does a cancellation.
/// </summary>
public interface IBlobStore
{
    /// <summary>Reads a whole blob.</summary>
    /// <exception cref="BlobStoreException">The blob is missing, unreadable or larger than <paramref name="maxBytes"/>.</exception>
    Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Reads the beginning of a blob; a store that cannot reads all of it.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="bytes">Most bytes that are wanted.</param>
    /// <param name="cancellationToken">Checked while it is read.</param>
    /// <exception cref="BlobStoreException">The blob is missing or unreadable.</exception>
    async Task<byte[]> ReadHeadAsync(string name, int bytes, CancellationToken cancellationToken) =>
        (await ReadAsync(name, long.MaxValue, cancellationToken)).Bytes is var whole && whole.Length > bytes ? whole[..bytes] : whole;

    /// <summary>
    /// Writes a blob, all or nothing: <paramref name="write"/> fills a stream (seekable) whose content takes the name only once it
    /// is complete.
    /// </summary>
    /// <returns>The new blob's tag; null where the condition did not hold, and nothing was written.</returns>
    /// <exception cref="BlobStoreException">The blob cannot be written (rights, space, no connection).</exception>
    Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Lists blobs by name, as a stream, in an order that stays the same: ordinal, or with '/' before every other character, which the store alone
    /// knows. A caller that goes on later gives the last name it saw, and compares no names itself.
    /// </summary>
    /// <param name="prefix">What their names begin with; may be empty.</param>
    /// <param name="after">Where given, only names behind this one in the listing's order; it begins with the prefix, and there need not be a blob of that name (any more).</param>
    /// <param name="cancellationToken">Checked between blobs.</param>
    /// <exception cref="BlobStoreException">The container is missing, or cannot be listed.</exception>
    IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>Lists the folders directly below one, by name, without what is in them; in no certain order.</summary>
    /// <param name="folder">The folder, with '/' at its end; empty for the whole store.</param>
    /// <param name="cancellationToken">Checked between folders.</param>
    /// <returns>Their names, without what is above them and without '/'.</returns>
    IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Looks one blob up; a store that cannot lists what begins with its name.</summary>
    /// <returns>What a listing says of it; null where there is none of that name.</returns>
    /// <exception cref="BlobStoreException">The container is missing, or cannot be looked into.</exception>
    async Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) =>
        // Of the names that begin with it, the name itself is the first.
        await ListAsync(name, after: null, cancellationToken).FirstOrDefaultAsync(cancellationToken) is { } blob && blob.Name == name ? blob : null;

    /// <summary>Whether a blob is there.</summary>
    Task<bool> ExistsAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; one that is not there is deleted already.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
