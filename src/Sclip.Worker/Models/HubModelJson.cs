using System.Text.Json;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Worker.Models;

/// <summary>Reads the hub's description of a model; nothing in it is trusted to be a file name or a hash before it was checked.</summary>
internal static partial class HubModelJson
{
    /// <exception cref="ModelHubException">It has no commit or no files.</exception>
    public static HubModel Read(ModelId id, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "sha") is not { } commit || !CommitPattern().IsMatch(commit)
            || !root.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
            throw new ModelHubException($"The hub's description of '{id}' names no commit or no files; is the endpoint a model hub?");
        var files = new Dictionary<string, HubFile>(StringComparer.Ordinal);
        foreach (var sibling in siblings.EnumerateArray().Where(sibling => sibling.ValueKind == JsonValueKind.Object))
            if (Text(sibling, "rfilename") is { } name && IsPlainFileName(name))
                files[name] = ReadFile(name, sibling);
        return new(id, commit, files);
    }

    /// <summary>Whether a name can be nothing but that of a file beside the others.</summary>
    public static bool IsPlainFileName(string name) => FileNamePattern().IsMatch(name);

    private static HubFile ReadFile(string name, JsonElement file)
    {
        // A large file's blobId is that of git's pointer to it, so its own SHA-256 comes first.
        var lfs = file.TryGetProperty("lfs", out var large) && large.ValueKind == JsonValueKind.Object;
        var checksum = lfs ? Checksum.Sha256(Text(large, "sha256")) : Checksum.Git(Text(file, "blobId"));
        return new(name, (lfs ? Size(large) : null) ?? Size(file), checksum);
    }

    private static long? Size(JsonElement file) =>
        file.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"\A[0-9a-f]{40,64}\z")]
    private static partial Regex CommitPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex FileNamePattern();
}
