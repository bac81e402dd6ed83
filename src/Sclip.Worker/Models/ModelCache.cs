using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Models;

/// <summary>The folder that pulled models lie in, each complete: <c>ROOT/models/organisation--name</c>.</summary>
/// <param name="root">Where caches lie.</param>
/// <param name="folder">A folder of models besides, <c>organisation/name</c> or <c>organisation--name</c> in it, which is looked into first; null where there is none.</param>
public sealed class ModelCache(string root, string? folder = null)
{
    private const string FolderVariable = "SCLIP_WORKER__MODELFOLDER";

    /// <summary>Where caches lie.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Where the models lie.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Where embeddings of label sets lie.</summary>
    public string LabelEmbeddings => Path.Combine(Root, "labels");

    /// <summary>The cache of this user, by the process's environment.</summary>
    public static ModelCache OfUser() => Of(Environment.GetEnvironmentVariable);

    /// <summary>The cache of this user, SCLIP_CACHE, else XDG_CACHE_HOME/sclip, else ~/.cache/sclip; and the folder of models that a worker would have.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static ModelCache Of(Func<string, string?> environment)
    {
        var folder = environment(FolderVariable);
        if (environment("SCLIP_CACHE") is { Length: > 0 } named)
            return new(named, folder);
        var home = environment("XDG_CACHE_HOME") is { Length: > 0 } caches
            ? caches
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return new(Path.Combine(home, "sclip"), folder);
    }

    /// <summary>Where a model lies once it is pulled.</summary>
    public string DirectoryOf(ModelId id) => Path.Combine(Models, id.DirectoryName);

    /// <summary>Where a model may lie on this machine, in the order in which it is looked for: the folder of models, then the cache.</summary>
    public IReadOnlyList<string> PlacesOf(ModelId id) => folder is { Length: > 0 }
        ? [Path.GetFullPath(Path.Combine(folder, id.NestedDirectoryName)), Path.GetFullPath(Path.Combine(folder, id.DirectoryName)), DirectoryOf(id)]
        : [DirectoryOf(id)];

    /// <summary>The directory of a model on this machine; null where it is not here.</summary>
    public string? Find(ModelId id) => PlacesOf(id).FirstOrDefault(Directory.Exists);

    /// <summary>The directory of a model that is given by id or by directory; what is both is the id's, as it is to workers.</summary>
    /// <exception cref="ModelHubException">There is no such directory, and the model has not been pulled.</exception>
    public string Resolve(string idOrPath)
    {
        var id = ModelId.TryParse(idOrPath);
        if (id is not null && Find(id) is { } found)
            return found;
        if (Directory.Exists(idOrPath))
            return Path.GetFullPath(idOrPath);
        throw new ModelHubException(id is null
            ? $"'{JobNames.Shown(idOrPath)}' is neither a directory nor a model id; an id reads organisation/name, for example openai/clip-vit-base-patch16."
            : $"'{id}' is not a directory, and no model of that id is in {(folder is { Length: > 0 } ? $"{Path.GetFullPath(folder)} ({FolderVariable}) nor in " : "")}{Models}; `sclip model pull {id}` downloads it.");
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
