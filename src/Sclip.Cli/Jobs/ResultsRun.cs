using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Brings a job's outputs and results into a folder that is the job's alone; what is there is brought again only where it differs.</summary>
internal sealed class ResultsRun(CliContext context, JobStores stores, JobDocument job, string output)
{
    private const int DownloadsAtOnce = 8;
    private const long LargestOutput = int.MaxValue;
    private const string ResultsName = "results.jsonl";
    private static readonly IReadOnlyDictionary<string, BlobContent> NoMasks = new Dictionary<string, BlobContent>();
    private readonly IBlobStore _source = stores.Outputs(job);
    // What is not whole here is brought again.
    private readonly FileBlobStore _target = new(output, durable: false);
    private readonly OutputCheck _check = new([.. job.Labels.Select(label => label.Name)]);
    private long _images, _notLabelled, _corrected, _brought, _failed, _featuresGone;

    /// <summary>Brings them.</summary>
    /// <param name="force">Whether what is there of another job is replaced.</param>
    /// <param name="features">Whether kept features are brought, too.</param>
    /// <param name="machine">Whether the machine's masks are brought also of pictures that were corrected.</param>
    public async Task<ResultsOutcome> RunAsync(bool force, bool features, bool machine)
    {
        var marker = new FolderMarker { Command = "results", Job = job.Id, Settings = job.Describe() };
        using var owned = OwnedFolder.Open(output, marker, force, "replace them");
        string? unfinished;
        try
        {
            if (force)
                Clear();
            if (owned.Earlier?.Unfinished is not null)
                _target.ClearLeftWrites();
            owned.Mark(marker with { Unfinished = $"`sclip results {job.Id}` is at work in this folder, or was interrupted; the same command goes on where it stopped." });
            // Before the results are listed: a job that is completed meanwhile is not whole here.
            var summary = await stores.Jobs.ReadSummaryAsync(job.Id, context.Stop);
            await _target.WriteAsync(MaskLabels.FileName, MaskLabels.Write(job.Labels), WriteCondition.None, context.Stop);
            using (var files = new DownloadRecord(output))
                await BringAsync(files, features, machine, owned.IgnoresCase ? new HashSet<string>(StringComparer.OrdinalIgnoreCase) : null);
            unfinished = summary is null ? await DescribeAsync()
                : _images < summary.Images ? $"Results of job {job.Id} are gone from the store: it was completed with {Counted.Of(summary.Images, "image")}, and {_images} have any. `sclip retry {job.Id}` labels the others again."
                : null;
            owned.Mark(marker with { Unfinished = _failed > 0 ? $"{Counted.Of(_failed, "file")} of job {job.Id} could not be brought; `sclip results {job.Id}` tries them again." : unfinished });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The output folder {output} cannot be written: {error.Message}", error);
        }
        if (_featuresGone > 0)
            await context.Error.WriteLineAsync($"failed: kept features of {Counted.Of(_featuresGone, "image")} are gone from the store. All else is brought without --features, too.");
        if (unfinished is not null)
            await context.Error.WriteLineAsync($"warning: {unfinished}");
        return new ResultsOutcome { Job = job.Id, Output = output, Results = Path.Combine(output, ResultsName), Images = _images, NotLabelled = _notLabelled, Corrected = _corrected, Brought = _brought, Failed = _failed, Unfinished = unfinished };
    }

    private async Task BringAsync(DownloadRecord files, bool features, bool machine, HashSet<string>? names)
    {
        await CompareAsync(files);
        await _target.WriteAsync(ResultsName, async (stream, token) =>
        {
            await using var lines = new StreamWriter(stream, leaveOpen: true);
            var shards = machine ? stores.Jobs.ReadResultsAsync(job.Id, token).Select(results => (Results: results, Masks: NoMasks)) : new CorrectedResults(stores, job, FailAsync).ReadAsync(token);
            await foreach (var (results, masks) in shards)
            {
                _corrected += masks.Count;
                foreach (var result in results)
                    await lines.WriteLineAsync(result.ToLine().AsMemory(), token);
                _images += results.Count;
                _notLabelled += results.Count(result => result.Status != ImageStatus.Ok);
                var wanted = new List<(ImageResult Result, string Name)>();
                foreach (var (result, name) in results.SelectMany(result => OutputNames.Of(result).Where(name => features || name != result.Features).Select(name => (result, name))))
                    if (names?.Add(name) == false)
                        await FailAsync(name, "another file differs from it only in capitals, and the folder's file system takes their names for one.");
                    else
                        wanted.Add((result, name));
                await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = DownloadsAtOnce, CancellationToken = token }, async (item, cancel) =>
                {
                    if (masks.TryGetValue(item.Name, out var corrected))
                        await PutAsync(files, item.Name, corrected, cancel);
                    else if (!files.IsFresh(item.Name) || !_check.HoldsFile(item.Result, item.Name, Path.Combine(output, item.Name)))
                        await BringAsync(files, item.Result, item.Name, cancel);
                });
                files.Flush();
            }
        }, WriteCondition.None, context.Stop);
    }

    private async Task CompareAsync(DownloadRecord files)
    {
        try
        {
            await files.CompareAsync(_source, OutputNames.Folders, context.Stop);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Denied)
        {
            await context.Error.WriteLineAsync($"warning: what is here cannot be compared with the store, and is brought again: {error.Message}");
        }
    }

    private async Task BringAsync(DownloadRecord files, ImageResult result, string name, CancellationToken cancellationToken)
    {
        try
        {
            var content = await _source.ReadAsync(name, LargestOutput, cancellationToken);
            if (!_check.Holds(result, name, content.Bytes))
            {
                await FailAsync(name, "in the store it is damaged, or not what its result tells of, but another picture's or run's.");
                return;
            }
            await _target.WriteAsync(name, content.Bytes, WriteCondition.None, cancellationToken);
            files.Add(name, content);
            Interlocked.Increment(ref _brought);
        }
        // Whoever spares their space deletes all of them: one line tells it.
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Missing && name == result.Features)
        {
            Interlocked.Increment(ref _failed);
            Interlocked.Increment(ref _featuresGone);
        }
        catch (BlobStoreException error) when (error.Fault is BlobStoreFault.Missing or BlobStoreFault.InvalidName)
        {
            await FailAsync(name, error.Message);
        }
    }

    /// <summary>Writes a corrected mask in the place of the machine's, whose tag it has not: that one is brought again where it is wanted.</summary>
    private async Task PutAsync(DownloadRecord files, string name, BlobContent mask, CancellationToken cancellationToken)
    {
        var path = Path.Combine(output, name);
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(mask.Bytes))
            return;
        await _target.WriteAsync(name, mask.Bytes, WriteCondition.None, cancellationToken);
        files.Add(name, mask);
        Interlocked.Increment(ref _brought);
    }

    private async Task FailAsync(string name, string reason)
    {
        Interlocked.Increment(ref _failed);
        context.TellFailure(name, reason);
    }

    private async Task<string> DescribeAsync()
    {
        var all = await stores.Jobs.ReadPlanAsync(job.Id, context.Stop) is { } plan ? Counted.Of(plan.Images, "image") : "images, whose number is not known yet,";
        return $"Job {job.Id} was not complete when its results were brought: {_images} of its {all} had results. Bring them again when it is (sclip watch {job.Id}).";
    }

    /// <summary>Takes away what the results name, and they themselves; nothing else.</summary>
    private void Clear()
    {
        DownloadRecord.Forget(output);
        var results = Path.Combine(output, ResultsName);
        if (!File.Exists(results))
            return;
        foreach (var name in File.ReadLines(results).Select(ImageResult.TryParse).OfType<ImageResult>().SelectMany(OutputNames.Of))
            if (Path.Combine(output, name) is var path && File.Exists(path))
                File.Delete(path);
        File.Delete(results);
    }
}
