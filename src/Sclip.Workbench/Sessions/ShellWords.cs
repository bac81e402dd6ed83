using System.Buffers;

namespace Sclip.Workbench.Sessions;

/// <summary>A command as it is typed into a shell.</summary>
public static class ShellWords
{
    // What a shell takes for itself nowhere in a word.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=@%+");

    /// <summary>Words with quotation marks around those that a shell would take apart or fill in.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    private static string Of(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", """'\''""", StringComparison.Ordinal)}'";
}
