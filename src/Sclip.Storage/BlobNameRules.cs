using Sclip.Contracts.Jobs;

namespace Sclip.Storage;

/// <summary>
/// Which texts a store takes as names. A name that a file system, a URL or a service would read as another one ('a//b', 'a/./b', 'a\b') is
/// refused instead, so that no name ever leads to the blob of another.
/// </summary>
internal static class BlobNameRules
{
    private const int LongestInAzure = 1_024;
    private const int MostPartsInAzure = 254;

    /// <exception cref="BlobStoreException">It cannot be a name in a folder.</exception>
    public static void CheckForFiles(string name) => Check(name, Refusal(name) ?? (name.Contains('\0', StringComparison.Ordinal) ? "it holds a zero character" : null));

    /// <exception cref="BlobStoreException">It cannot be a name in a container of Azure Blob.</exception>
    public static void CheckForAzure(string name) => Check(name, Refusal(name) ?? name switch
    {
        { Length: > LongestInAzure } => $"it is longer than {LongestInAzure} characters",
        _ when name.Any(IsControl) => "it holds a control character",
        // The service itself turns '\' to '/', and drops a dot at the end.
        _ when name.Contains('\\', StringComparison.Ordinal) => @"it holds a '\'",
        _ when name.EndsWith('.') || name.Contains("./", StringComparison.Ordinal) => "a part of it ends with a dot",
        _ when name.Count('/') >= MostPartsInAzure => $"it has more than {MostPartsInAzure} parts",
        _ => null,
    });

    /// <exception cref="BlobStoreException">No name in a container of Azure Blob can begin with it.</exception>
    public static void CheckPrefixForAzure(string prefix)
    {
        if (!CanBeginInAzure(prefix))
            throw new BlobStoreException(BlobStoreFault.InvalidName, $"No name of a blob begins with '{JobNames.Shown(prefix)}': it holds a control character, or is no valid Unicode.");
    }

    /// <summary>Whether a name in a container of Azure Blob can begin with a text.</summary>
    public static bool CanBeginInAzure(string prefix) => !IsBroken(prefix) && !prefix.Any(IsControl);

    /// <exception cref="BlobStoreException">No name in a folder can begin with it.</exception>
    public static void CheckPrefixForFiles(string prefix)
    {
        // What follows the last '/' may be the beginning of a part.
        if (prefix.LastIndexOf('/') is >= 0 and var slash)
            CheckForFiles(prefix[..slash]);
    }

    /// <summary>Whether a text holds half of a surrogate pair: in UTF-8 all of those become the same replacement character.</summary>
    private static bool IsBroken(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                return true;
        return false;
    }

    private static bool IsControl(char letter) => char.IsControl(letter) || letter >= '\uFFFE';

    private static string? Refusal(string name) => name switch
    {
        "" => "it is empty",
        _ when name.Split('/').Any(part => part is "" or "." or "..") => "it has an empty part, or one that is '.' or '..'",
        _ when IsBroken(name) => "it is no valid Unicode",
        _ => null,
    };

    private static void Check(string name, string? refusal)
    {
        if (refusal is not null)
            throw new BlobStoreException(BlobStoreFault.InvalidName, $"'{JobNames.Shown(name)}' is no name of a blob: {refusal}. Rename it.");
    }
}
