using System.Text.Json.Nodes;
using Sclip.Labels;

namespace Sclip.Testing;

/// <summary>
/// A folder of golden vectors: the one that an environment variable names, else that beside the repository, else the part kept in tests/golden. Everything is
/// found through manifests, so any folder of the same form will do.
/// </summary>
/// <param name="variable">The environment variable.</param>
/// <param name="shared">Name of the folder beside the repository.</param>
/// <param name="kept">Where the kept part lies.</param>
/// <param name="sign">A file by which the folder is known.</param>
public sealed class GoldenSet(string variable, string shared, string kept, string sign)
{
    /// <summary>Vectors of the training-free successors of SCLIP.</summary>
    public static GoldenSet Successors { get; } = new("SCLIP_GOLDEN_SUCCESSORS", "golden-successors", "tests/golden/successors", "manifest.json");

    /// <summary>Vectors of systems that were trained for the task.</summary>
    public static GoldenSet Trained { get; } = new("SCLIP_GOLDEN_TRAINED", "golden-trained", "tests/golden/trained", "README.md");

    /// <summary>What lies in tests/golden, whatever sets are beside the repository: some numbers are there alone, made of the models of the kept parts.</summary>
    public static GoldenSet Kept { get; } = new("", "", "tests/golden", "manifest.json");

    public string Folder { get; } = Find(variable, shared, kept, sign);

    /// <summary>Whether this is the part kept in tests/golden.</summary>
    public bool IsKept { get; } = Find(variable, shared, kept, sign) == Path.GetFullPath(Path.Combine(Repository.Root, kept));

    /// <summary>Whether the set has a folder of this name.</summary>
    public bool Has(string folder) => Directory.Exists(PathOf(folder));

    public string PathOf(string relative) => Path.Combine(Folder, relative);

    public JsonNode Read(string relative) => JsonNode.Parse(File.ReadAllText(PathOf(relative)))!;

    public (float[] Values, int[] Shape) Floats(JsonNode? relative) => Npy.ReadSingle(PathOf(relative!.GetValue<string>()));

    public (byte[] Values, int[] Shape) Bytes(JsonNode? relative) => Npy.ReadByte(PathOf(relative!.GetValue<string>()));

    private static string Find(string variable, string shared, string kept, string sign)
    {
        if (variable != "" && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        var beside = Path.Combine(Repository.Root, "..", "shared", shared);
        return Path.GetFullPath(File.Exists(Path.Combine(beside, sign)) ? beside : Path.Combine(Repository.Root, kept));
    }
}
