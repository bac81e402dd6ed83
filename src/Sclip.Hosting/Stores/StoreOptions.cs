using System.Security.Cryptography;
using System.Text;
using Sclip.Hosting.Configuration;
using Sclip.Storage;

namespace Sclip.Hosting.Stores;

/// <summary>Where blobs are kept: one of an Azure connection string, an Azure account with the identity of the process, and a shared folder.</summary>
public sealed record StoreOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Store";

    /// <summary>Connection string of an Azure storage account; <c>UseDevelopmentStorage=true</c> is the emulator on this machine.</summary>
    public string? Connection { get; init; }

    /// <summary>Address of an Azure storage account, such as <c>https://ACCOUNT.blob.core.windows.net</c>; the process signs in with the identity that it runs under.</summary>
    public Uri? Account { get; init; }

    /// <summary>A folder in place of Azure; its sub-folders are the containers. All processes must see the same folder.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Whether a write into <see cref="Folder"/> survives a loss of power once it has returned. <c>false</c> is faster, by 1 to 5 ms a blob, and is for a store that may be
    /// lost with its machine. Azure needs no such setting and refuses it.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>The container that holds the jobs and their results; 3 to 63 of a to z, 0 to 9 and '-'.</summary>
    public string Container { get; init; } = "sclip";

    /// <summary>The keys that say where blobs are kept, of which one must be set.</summary>
    public static IReadOnlyList<string> PlaceKeys { get; } = [nameof(Connection), nameof(Account), nameof(Folder)];

    /// <summary>What tells this container from every other one, and is no secret.</summary>
    public string Fingerprint() => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. Places, Container]))));

    private string?[] Places => [Connection, Account?.ToString(), Folder];

    /// <inheritdoc />
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        var given = Places.Count(place => place is { Length: > 0 });
        if (given != 1)
            yield return (nameof(Connection), $"or {string.Join(" or ", PlaceKeys.Skip(1).Select(key => SclipOptions.Shown(Section, key)))} says where blobs are kept: set exactly one of them (now {given} are set).");
        if (!Durable && Folder is not { Length: > 0 })
            yield return (nameof(Durable), $"is for {SclipOptions.Shown(Section, nameof(Folder))} alone: Azure keeps whatever it has taken.");
        if (Account is { IsAbsoluteUri: false })
            yield return (nameof(Account), "must be an address such as https://ACCOUNT.blob.core.windows.net.");
        if (!ContainerName.IsValid(Container))
            yield return (nameof(Container), $"is '{Container}': a container's name is 3 to 63 of a-z, 0-9 and '-'.");
    }
}
