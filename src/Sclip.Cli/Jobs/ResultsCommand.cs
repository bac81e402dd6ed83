using System.CommandLine;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip results</c>: brings a job's masks and results down into a folder.</summary>
internal static class ResultsCommand
{
    private const int DownloadsAtOnce = 8;
    private const long LargestOutput = int.MaxValue;

    public static Command Create(CliContext context)
    {
        var id = JobCommands.JobArgument();
        var output = new Option<string>("--out") { Description = "The folder that masks, overlays, scores, results.jsonl and labels.json go to.", Required = true };
        var command = new Command("results", "Bring a job's masks and results down. Run again, it brings what is new.") { id, output };
        command.SetAction(async (parsed, _) =>
        {
            await using var session = JobSession.Open();
            var job = await session.Control.FindAsync(parsed.GetRequiredValue(id), context.Stop);
            return await RunAsync(context, session.Stores, job, parsed.GetRequiredValue(output));
        });
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, JobStores stores, JobDocument job, string output)
    {
        var (source, target) = (stores.Outputs(job), new FileBlobStore(output));
        var (images, brought, failed) = (0L, 0L, 0L);
        await target.WriteAsync(MaskLabels.FileName, MaskLabels.Write(job.Labels), WriteCondition.None, context.Stop);
        await target.WriteAsync("results.jsonl", async (stream, token) =>
        {
            await using var lines = new StreamWriter(stream, leaveOpen: true);
            await foreach (var shard in stores.Jobs.ListShardsAsync(JobNames.Results(job.Id), token))
            {
                var results = await stores.Jobs.ReadResultAsync(job.Id, shard, token) ?? [];
                foreach (var result in results)
                    await lines.WriteLineAsync(result.ToLine().AsMemory(), token);
                images += results.Count;
                await Parallel.ForEachAsync(results.SelectMany(Outputs), new ParallelOptions { MaxDegreeOfParallelism = DownloadsAtOnce, CancellationToken = token }, async (name, cancel) =>
                {
                    if (await target.ExistsAsync(name, cancel))
                        return;
                    try
                    {
                        var content = await source.ReadAsync(name, LargestOutput, cancel);
                        await target.WriteAsync(name, content.Bytes, WriteCondition.None, cancel);
                        Interlocked.Increment(ref brought);
                    }
                    catch (BlobStoreException error) when (error.Fault is BlobStoreFault.Missing or BlobStoreFault.InvalidName)
                    {
                        Interlocked.Increment(ref failed);
                        await context.Error.WriteLineAsync($"failed: {JobNames.Shown(name)}: {error.Message}");
                    }
                });
            }
        }, WriteCondition.None, context.Stop);
        await context.Output.WriteLineAsync($"{images} results in {Path.Combine(output, "results.jsonl")}; {brought} files brought{(failed > 0 ? $", {failed} failed" : "")}.");
        return failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }

    /// <summary>The files of a result, below their folders and nowhere else.</summary>
    private static IEnumerable<string> Outputs(ImageResult result) =>
        new[] { result.Mask, result.Overlay, result.Scores }.OfType<string>().Where(name => JobNames.Refusal(name) is null);
}
