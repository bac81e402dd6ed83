using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Dispatcher.Control;

/// <summary>The blob with the names of a job's images, where the request lists them.</summary>
internal static class InputList
{
    private const long Largest = 1L << 30;

    /// <summary>Writes the list, before the job itself. Where one is there, of this job or of a submit that went no further, it must be the same.</summary>
    /// <exception cref="JobRequestException">There is another list.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public static async Task WriteAsync(IBlobStore store, string job, string[] names, CancellationToken cancellationToken)
    {
        if (await store.WriteAsync(JobNames.InputList(job), Bytes(names), WriteCondition.Missing, cancellationToken) is null)
            RequireSame(job, (await store.ReadAsync(JobNames.InputList(job), Largest, cancellationToken)).Bytes, names);
    }

    /// <summary>Refuses a list that <see cref="WriteAsync"/> would refuse.</summary>
    /// <exception cref="JobRequestException">There is another list.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public static async Task CheckAsync(IBlobStore store, string job, string[] names, CancellationToken cancellationToken)
    {
        if (await store.TryReadAsync(JobNames.InputList(job), Largest, cancellationToken) is { } list)
            RequireSame(job, list.Bytes, names);
    }

    /// <summary>The names, in the list's order.</summary>
    /// <exception cref="BlobStoreException">The list is not there, or the store does not answer.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(IBlobStore store, string job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = await store.ReadAsync(JobNames.InputList(job), Largest, cancellationToken);
        using var reader = new StreamReader(new MemoryStream(list.Bytes), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } name)
            yield return name;
    }

    private static void RequireSame(string job, byte[] there, string[] names)
    {
        if (!there.AsSpan().SequenceEqual(Bytes(names)))
            throw JobId.Taken(job, SettingsDifferences.Of(Listed(Encoding.UTF8.GetString(there).Split('\n')), Listed(names)));

        static JsonObject Listed(string[] names) => new() { ["images"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
    }

    private static byte[] Bytes(string[] names) => Encoding.UTF8.GetBytes(string.Join('\n', names));
}
