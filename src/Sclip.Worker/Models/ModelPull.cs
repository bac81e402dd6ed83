using System.Text.Json;
using Sclip.Contracts;
using Sclip.Segmentation;

namespace Sclip.Worker.Models;

/// <summary>
/// Downloads a model into the cache, where its weights always are safetensors. It grows in <c>ROOT/partial</c>, and is renamed into its place when all its files are there and
/// verified: what lies in its place is complete.
/// </summary>
/// <param name="cache">The cache.</param>
/// <param name="hub">The hub; it stays the caller's.</param>
public sealed class ModelPull(ModelCache cache, HubClient hub)
{

    /// <summary>Told how far each file is.</summary>
    public IProgress<PullProgress> Progress { get; init; } = new Progress<PullProgress>();

    /// <summary>Told of waits and failures that pass.</summary>
    public Action<string> Notify { get; init; } = _ => { };

    /// <summary>Waits.</summary>
    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>Bytes that are free where a folder lies.</summary>
    internal Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    private Retry Retry => new(Delay, Notify);

    /// <summary>Pulls a model; one that is there already stays, unless it is forced.</summary>
    /// <param name="id">The model.</param>
    /// <param name="force">Whether one that is there is pulled anew.</param>
    /// <param name="cancellationToken">Ends the pull; what is downloaded is kept, and gone on with by the next.</param>
    /// <returns>Its directory.</returns>
    /// <exception cref="ModelHubException">The hub has no such model, refuses it, fails, or its files are not what it says.</exception>
    /// <exception cref="ModelFormatException">What the hub has is no CLIP model.</exception>
    public async Task<string> Run(ModelId id, bool force, CancellationToken cancellationToken)
    {
        var target = cache.DirectoryOf(id);
        try
        {
            using var _ = await ModelLock.Acquire(
                Path.Combine(cache.Root, "locks", id.DirectoryName), () => Notify($"another pull of '{id}' is under way; waiting for it"), Delay, cancellationToken);
            if (force || !Directory.Exists(target))
                await Pull(id, target, cancellationToken);
            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelHubException($"The cache in {cache.Root} cannot be written: {error.Message}", error) { Transient = true };
        }
    }

    private async Task Pull(ModelId id, string target, CancellationToken cancellationToken)
    {
        var model = await Retry.Run(() => hub.GetModel(id, cancellationToken), () => false, cancellationToken);
        var partial = Path.Combine(cache.Root, "partial", id.DirectoryName);
        var folder = Path.Combine(partial, model.Commit);
        Directory.CreateDirectory(folder);
        foreach (var stale in Directory.GetDirectories(partial).Where(stale => stale != folder))
            Directory.Delete(stale, recursive: true);
        var download = new FileDownload(hub, Retry, Progress, Notify);
        // The small files come first: what is neither a CLIP nor a guide is found out before its weights are downloaded.
        var layout = ModelLayout.Of(model.Files.ContainsKey);
        await download.Run(model, Find(model, layout, layout.Config), folder, cancellationToken);
        layout = layout.In(folder);
        if (layout.Missing(model.Files.ContainsKey) is { } missing)
            throw Lacks(model, layout, missing);
        foreach (var name in layout.SmallFiles(model.Files.ContainsKey))
            await download.Run(model, model.Files[name], folder, cancellationToken);
        layout.RequireSmallFiles(folder);
        await PullWeights(model, layout, download, folder, cancellationToken);
        layout.RequireWeights(folder);
        new ModelSource(id.ToString(), model.Commit, hub.Endpoint).Write(folder);
        Place(folder, target);
        Directory.Delete(partial, recursive: true);
    }

    private static HubFile Find(HubModel model, ModelLayout layout, string name) => model.Files.TryGetValue(name, out var file)
        ? file
        : throw Lacks(model, layout, $"no {name}");

    private static ModelHubException Lacks(HubModel model, ModelLayout layout, string what) => new($"'{model.Id}' has {what}; it is no {layout.Name}.");

    /// <summary>Safetensors, else what PyTorch saves, which is converted, and of which nothing stays.</summary>
    private async Task PullWeights(HubModel model, ModelLayout layout, FileDownload download, string folder, CancellationToken cancellationToken)
    {
        if (await FindWeights(model, layout, download, folder, layout.Weights, layout.WeightsIndex, cancellationToken) is { } weights)
        {
            RequireSpace(weights, folder, converted: 0);
            foreach (var file in weights)
                await download.Run(model, file, folder, cancellationToken);
            return;
        }
        var checkpoints = await FindWeights(model, layout, download, folder, layout.Checkpoint, layout.CheckpointIndex, cancellationToken)
            ?? throw new ModelHubException($"'{model.Id}' has neither {layout.Weights} nor {layout.Checkpoint} at this revision; hubs often keep a converted one: try {model.Id.Repository}@refs/pr/NUMBER.");
        if (!File.Exists(Path.Combine(folder, layout.Weights)))
        {
            RequireSpace(checkpoints, folder, converted: checkpoints.Sum(file => (decimal)(file.Size ?? 0)));
            foreach (var file in checkpoints)
                await download.Run(model, file, folder, cancellationToken);
            string[] paths = [.. checkpoints.Select(file => Path.Combine(folder, file.Name))];
            await Task.Run(() => layout.Convert(paths, folder, Progress, cancellationToken), cancellationToken);
        }
        foreach (var name in checkpoints.Select(file => file.Name).Append(layout.CheckpointIndex))
            File.Delete(Path.Combine(folder, name));
    }

    /// <summary>The file of the weights, or the shards that an index lists; null where there is neither.</summary>
    private static async Task<IReadOnlyList<HubFile>?> FindWeights(
        HubModel model, ModelLayout layout, FileDownload download, string folder, string file, string shards, CancellationToken cancellationToken)
    {
        if (model.Files.TryGetValue(file, out var single))
            return [single];
        if (!model.Files.TryGetValue(shards, out var index))
            return null;
        await download.Run(model, index, folder, cancellationToken);
        return [.. Shards(Path.Combine(folder, index.Name), model.Id).Select(shard => Find(model, layout, shard))];
    }

    private static string[] Shards(string index, ModelId id)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            var shards = document.RootElement.GetProperty("weight_map").EnumerateObject()
                .Select(item => item.Value.GetString() ?? throw new InvalidOperationException($"{item.Name} names no shard.")).Distinct().ToArray();
            return shards is [] ? throw new InvalidOperationException("weight_map is empty.") : [.. shards.Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelHubException($"{Path.GetFileName(index)} of '{id}' is no index of shards: {(error is InvalidOperationException ? error.Message : "it names no tensors, or is damaged.")}", error);
        }
    }

    private void RequireSpace(IEnumerable<HubFile> files, string folder, decimal converted)
    {
        // In decimal: sizes are the hub's word, and their sum may be beyond a long.
        var missing = converted + files.Sum(file => (decimal)(file.Size ?? 0) - LengthOf(Path.Combine(folder, file.Name)) - LengthOf(Path.Combine(folder, file.Name + ".part")));
        if (FreeSpace(folder) is var free && missing > free)
            throw new ModelHubException($"The model needs {Figures.Bytes((long)Math.Min(missing, long.MaxValue))} more, and {cache.Root} has {Figures.Bytes(free)} free; make room, or set SCLIP_CACHE to another disk.") { Transient = true };

        static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    private static void Place(string folder, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var old = $"{folder}.old";
        if (Directory.Exists(target))
            Directory.Move(target, old);
        Directory.Move(folder, target);
    }
}
