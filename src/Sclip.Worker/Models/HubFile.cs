using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Sclip.Contracts;

namespace Sclip.Worker.Models;

/// <summary>How a file's content is checked.</summary>
/// <param name="GitBlob">Whether the hash is SHA-1 over git's <c>blob SIZE\0</c> and the content; else it is SHA-256 of the content.</param>
/// <param name="Hash">In lower-case hexadecimal digits.</param>
internal sealed record Checksum(bool GitBlob, string Hash)
{
    private const int BufferLength = 1 << 20;

    /// <summary>A SHA-256, as the hub gives it for large files; null where the text is none.</summary>
    public static Checksum? Sha256(string? hash) => IsHash(hash, SHA256.HashSizeInBytes) ? new(false, hash!.ToLowerInvariant()) : null;

    /// <summary>A git blob id, as the hub gives it for small files; null where the text is none.</summary>
    public static Checksum? Git(string? hash) => IsHash(hash, SHA1.HashSizeInBytes) ? new(true, hash!.ToLowerInvariant()) : null;

    /// <summary>Whether a file's content is what the checksum was taken of.</summary>
    public async Task<bool> Matches(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(GitBlob ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (GitBlob)
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0"));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                hash.AppendData(buffer, 0, count);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Hash;
    }

    private static bool IsHash(string? text, int bytes) => text?.Length == 2 * bytes && text.All(char.IsAsciiHexDigit);
}

/// <summary>A file of a model on the hub.</summary>
/// <param name="Name">A plain file name.</param>
/// <param name="Size">Its bytes; null where the hub does not say.</param>
/// <param name="Checksum">What to check it by; null where the hub does not say.</param>
internal sealed record HubFile(string Name, long? Size, Checksum? Checksum);

/// <summary>What the hub says of a model.</summary>
/// <param name="Id">The model.</param>
/// <param name="Commit">The commit that the revision stands for now; all files are taken from it.</param>
/// <param name="Files">The files that lie beside each other at its top.</param>
internal sealed record HubModel(ModelId Id, string Commit, IReadOnlyDictionary<string, HubFile> Files);
