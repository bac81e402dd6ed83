namespace Sclip.Worker.Models;

/// <summary>The folder that pulled models lie in, each complete: <c>ROOT/models/organisation--name</c>.</summary>
/// <param name="root">Where caches lie.</param>
public sealed class ModelCache(string root)
{
    /// <summary>Where caches lie.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Where the models lie.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Where embeddings of label sets lie.</summary>
    public string LabelEmbeddings => Path.Combine(Root, "labels");

    /// <summary>The cache of this user, by the process's environment.</summary>
    public static ModelCache OfUser() => Of(Environment.GetEnvironmentVariable);

    /// <summary>The cache of this user: SCLIP_CACHE, else XDG_CACHE_HOME/sclip, else ~/.cache/sclip.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static ModelCache Of(Func<string, string?> environment)
    {
        if (environment("SCLIP_CACHE") is { Length: > 0 } named)
            return new(named);
        var home = environment("XDG_CACHE_HOME") is { Length: > 0 } caches
            ? caches
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new(Path.Combine(home, "sclip"));
    }

    /// <summary>Where a model lies once it is pulled.</summary>
    public string DirectoryOf(ModelId id) => Path.Combine(Models, id.DirectoryName);

    /// <summary>The directory of a model that is given by directory or by id.</summary>
    /// <exception cref="ModelHubException">There is no such directory, and the model has not been pulled.</exception>
    public string Resolve(string idOrPath)
    {
        if (Directory.Exists(idOrPath))
            return Path.GetFullPath(idOrPath);
        if (ModelId.TryParse(idOrPath) is not { } id)
            throw new ModelHubException($"'{idOrPath}' is no directory and no model id; an id reads organisation/name, for example openai/clip-vit-base-patch16.");
        return Directory.Exists(DirectoryOf(id))
            ? DirectoryOf(id)
            : throw new ModelHubException($"'{id}' is no directory, and no model of that id is in {Models}; `sclip model pull {id}` downloads it.");
    }

    /// <summary>The pulled models, by id.</summary>
    public IEnumerable<(ModelId Id, string Directory)> List() => Directory.Exists(Models)
        ? Directory.GetDirectories(Models)
            .Select(directory => (Id: ModelId.TryParseDirectoryName(Path.GetFileName(directory)), directory))
            .Where(model => model.Id is not null)
            .Select(model => (model.Id!, model.directory))
            .OrderBy(model => model.Item1.ToString(), StringComparer.Ordinal)
        : [];
}
