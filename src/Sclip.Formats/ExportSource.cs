using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Pictures;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Storage.Jobs;

namespace Sclip.Formats;

/// <summary>Labelled pictures: a folder that <c>sclip label</c>, <c>sclip results</c> or <c>sclip import</c> wrote, or a job in the store.</summary>
public sealed class ExportSource
{
    private const string ResultsName = "results.jsonl";

    /// <summary>The classes; the index is the value in a mask.</summary>
    public required IReadOnlyList<LabelClass> Classes { get; init; }

    /// <summary>The names by which the results count pixels; the index is the value in a mask. Null where they are not known.</summary>
    public IReadOnlyList<string>? CountedNames { get; init; }

    /// <summary>The value in the masks of pixels that are of no class; null where all are of one.</summary>
    public int? Void { get; init; }

    /// <summary>Where the masks lie, by the names in the results.</summary>
    public required IBlobStore Masks { get; init; }

    /// <summary>The pictures in the order of their results, as a stream; null for a line that cannot be read.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<ExportItem?>> Items { get; init; }

    /// <summary>What is still missing, in a sentence; null where all is there.</summary>
    public string? Unfinished { get; init; }

    /// <summary>The folder that it is; null where it is none.</summary>
    public string? Folder { get; init; }

    /// <summary>The job that it is; null where it is none.</summary>
    public string? Job { get; init; }

    /// <summary>Where its pictures lie; null where it does not say.</summary>
    public PictureFiles? Pictures { get; init; }

    /// <summary>What the names of its pictures begin with, where it is of a job; may be empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Takes a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labels">Its classes, where they are to be others than it says itself.</param>
    /// <exception cref="ExportException">It holds no results, or does not say its classes.</exception>
    /// <exception cref="LabelSetException">Its label file is damaged, or is not that of its masks; or other names are the classes' own in another order.</exception>
    /// <exception cref="FolderException">What says what the folder is cannot be read.</exception>
    public static ExportSource OfFolder(string folder, IReadOnlyList<LabelClass>? labels)
    {
        var results = Path.Combine(folder, ResultsName);
        var marker = FolderMarkers.Find(folder);
        if (marker is { } other && !other.HoldsResults())
            throw new ExportException($"{folder} holds {other.Describe()}, and no results: give a folder that `sclip label`, `sclip results` or `sclip import` wrote, or the id of a job.");
        if (!File.Exists(results) && marker?.Unfinished is { } missing)
            throw new ExportException($"{folder} holds no {ResultsName} yet: {missing}");
        if (!File.Exists(results))
            throw new ExportException($"{folder} holds no {ResultsName}: give a folder that `sclip label`, `sclip results` or `sclip import` wrote, or the id of a job.");
        var own = MaskLabels.Read(folder, labels);
        return new ExportSource
        {
            Classes = Choose(own, labels)
                ?? throw new ExportException($"{folder} does not say what the values in its masks mean (an earlier version wrote it). Give its label set, the classes in the same order: --labels FILE."),
            CountedNames = own?.Select(label => label.Name).ToArray(),
            Void = marker?.Void,
            Masks = new FileBlobStore(folder),
            Items = token => ReadAsync(results, token),
            Unfinished = marker?.Unfinished is { } unfinished ? $"{unfinished} What is there is exported."
                : Directory.Exists(Path.Combine(folder, ".sclip")) ? "A run is still at work in this folder, or was killed; what is there is exported." : null,
            Folder = folder,
            Pictures = marker?.Inputs?.Where(input => input.Length > 0).ToArray() is { Length: > 0 } inputs ? new FolderPictures(inputs) : null,
            // As the job's document has it.
            Prefix = marker is { Command: "results", Settings: { } job } && job["input"] is JsonObject input && input["prefix"] is JsonValue prefix && prefix.TryGetValue(out string? text) ? text : "",
        };
    }

    /// <summary>Takes a job.</summary>
    /// <param name="stores">Where jobs lie.</param>
    /// <param name="job">The job.</param>
    /// <param name="labels">Other names for its classes, where wanted.</param>
    /// <param name="cancellationToken">Checked between reads.</param>
    /// <exception cref="ExportException">The other names are not as many as the classes.</exception>
    /// <exception cref="LabelSetException">They are the classes' own in another order.</exception>
    public static async Task<ExportSource> OfJobAsync(JobStores stores, JobDocument job, IReadOnlyList<LabelClass>? labels, CancellationToken cancellationToken) => new()
    {
        Classes = Choose(job.Labels, labels)!,
        CountedNames = [.. job.Labels.Select(label => label.Name)],
        Masks = stores.Outputs(job),
        Items = token => ReadAsync(stores, job.Id, token),
        Unfinished = await DescribeAsync(stores.Jobs, job.Id, cancellationToken),
        Job = job.Id,
        Pictures = new StoredPictures(stores.Images(job)),
        Prefix = job.Input.Prefix,
    };

    private static IReadOnlyList<LabelClass>? Choose(IReadOnlyList<LabelClass>? own, IReadOnlyList<LabelClass>? given)
    {
        if (own is null || given is null)
            return given ?? own;
        if (own.Count != given.Count)
            throw new ExportException($"--labels has {given.Count} classes, and the masks were made with {own.Count}: give as many, in the same order.");
        MaskLabels.RequireOrder(own, given);
        return given;
    }

    private static async IAsyncEnumerable<ExportItem?> ReadAsync(string results, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in File.ReadLinesAsync(results, cancellationToken))
            if (line.Length > 0)
                yield return ImageResult.TryParse(line) is { } result ? new ExportItem(result) : null;
    }

    private static async IAsyncEnumerable<ExportItem?> ReadAsync(JobStores stores, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (results, seen) in new ReviewedImages(stores).ReadWithResultsAsync(id, cancellationToken))
            foreach (var result in results)
                yield return seen.GetValueOrDefault(result.Image) is { } image ? new ExportItem(result, image.Current, image.Counting) : new ExportItem(result);
    }

    private static async Task<string?> DescribeAsync(JobBlobs jobs, string id, CancellationToken cancellationToken)
    {
        var isComplete = await jobs.Store.ExistsAsync(JobNames.Summary(id), cancellationToken);
        var done = await jobs.ListShardsAsync(JobNames.Results(id), cancellationToken).CountAsync(cancellationToken);
        var plan = await jobs.ReadPlanAsync(id, cancellationToken);
        if (isComplete && plan is not null)
            return done >= plan.Shards ? null : $"Results of job {id} are gone from the store: it was completed, and {done} of {plan.Shards} shards have any; what there is is exported. `sclip retry {id}` labels the others again.";
        if (isComplete)
            return null;
        var all = plan is null ? "a number of shards that is not known yet" : $"{plan.Shards}";
        return $"Job {id} is not complete: {done} of {all} shards have all their results, and what there is is exported. Export it again when it is (sclip watch {id}).";
    }
}
