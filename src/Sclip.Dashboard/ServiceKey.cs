using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sclip.Dashboard;

/// <summary>The key that a service's callers must send.</summary>
/// <param name="key">The key.</param>
public sealed class ServiceKey(string key)
{
    /// <summary>The header that it is sent in.</summary>
    public const string Header = "X-Api-Key";

    private const int Shortest = 16;

    private readonly byte[] _expected = Digest(key);

    /// <summary>What is wrong with a key, as the rest of a sentence; null where nothing is, or there is none.</summary>
    public static string? Refusal(string? key) => key switch
    {
        { Length: < Shortest } => $"has fewer than {Shortest} characters; take a long random one.",
        // Secrets often end with a line's end.
        not null when key.AsSpan().ContainsAnyExceptInRange(' ', '~') || key.Trim() != key => "has a line's end, a space around it or a letter beyond ASCII, which no header carries; take a long random one.",
        _ => null,
    };

    /// <summary>Whether a request has it. Digests have one length, and are compared in constant time.</summary>
    public bool IsIn(HttpRequest request) => CryptographicOperations.FixedTimeEquals(Digest(request.Headers[Header].ToString()), _expected);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
