namespace Sclip.Cli.Labelling;

/// <summary>Where models and label embeddings lie.</summary>
internal static class ModelLocation
{
    /// <summary>The folder of cached label embeddings.</summary>
    public static string LabelCache => Path.Combine(Root, "labels");

    private static string Root => Environment.GetEnvironmentVariable("SCLIP_CACHE") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "sclip");

    /// <summary>A model's directory, by path or by id from the cache.</summary>
    public static string Resolve(string idOrPath)
    {
        if (Directory.Exists(idOrPath))
            return idOrPath;
        var cached = Path.Combine(Root, "models", idOrPath.Replace("/", "--", StringComparison.Ordinal));
        return Directory.Exists(cached)
            ? cached
            : throw new UserException($"There is no model '{idOrPath}', neither as a directory nor in the cache. Download it with: sclip model pull {idOrPath}\n(Or try the small one that comes along: --model models/demo/model)");
    }
}
