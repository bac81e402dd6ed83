using Sclip.Contracts.Jobs;

namespace Sclip.Storage;

/// <summary>Names of containers, as Azure Blob allows them.</summary>
public static class ContainerName
{
    /// <summary>Whether a name is 3 to 63 of a-z, 0-9 and '-', the hyphens between letters or digits.</summary>
    public static bool IsValid(string name) =>
        name.Length is >= 3 and <= 63 && name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);

    internal static string Rule(string name) => $"'{JobNames.Shown(name)}' is no name of a container: 3 to 63 of a-z, 0-9 and '-', the hyphens between letters or digits.";
}
