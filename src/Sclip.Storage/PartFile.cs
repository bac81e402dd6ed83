namespace Sclip.Storage;

/// <summary>Files that a write fills before they take the blob's name: hidden, never listed.</summary>
internal static class PartFile
{
    private const string Ending = ".part";
    private const int DigitCount = 32;

    /// <summary>A name that no other write uses.</summary>
    public static string NewName() => $".{Guid.NewGuid():n}{Ending}";

    /// <summary>Whether a file's name is such a one.</summary>
    public static bool IsName(ReadOnlySpan<char> file) =>
        file.Length == 1 + DigitCount + Ending.Length && file[0] == '.' && file.EndsWith(Ending, StringComparison.Ordinal) && Guid.TryParseExact(file.Slice(1, DigitCount), "n", out _);
}
