using Sclip.Contracts.Jobs;
using Sclip.Storage;
using static Sclip.Dispatcher.JobRequestException;

namespace Sclip.Dispatcher.Control;

/// <summary>Where images lie: a container, and what their names begin with.</summary>
internal static class InputPlace
{
    private const int LongestPrefix = 800;

    /// <summary>Takes <c>CONTAINER</c> or <c>CONTAINER/PREFIX</c> apart.</summary>
    /// <exception cref="JobRequestException">It is neither.</exception>
    public static (string Container, string Prefix) Split(string input)
    {
        var slash = input.IndexOf('/', StringComparison.Ordinal);
        var (container, prefix) = slash < 0 ? (input, "") : (input[..slash], input[(slash + 1)..]);
        Check(container, prefix);
        return (container, prefix);
    }

    /// <summary>Holds both parts to what they may be.</summary>
    /// <exception cref="JobRequestException">One of them cannot be.</exception>
    public static void Check(string container, string prefix)
    {
        Require(ContainerName.IsValid(container), $"'{JobNames.Shown(container)}' is no input; it reads CONTAINER or CONTAINER/PREFIX, the container 3 to 63 of a-z, 0-9 and '-'.");
        Require(prefix.Length <= LongestPrefix, $"The prefix has {prefix.Length} characters; {LongestPrefix} are allowed.");
        Require(!prefix.Any(letter => char.IsControl(letter) || letter == '\\') && !prefix.Split('/').Any(part => part is "." or ".."), $"The prefix '{JobNames.Shown(prefix)}' holds '.', '..', a backslash or a control character.");
    }
}
