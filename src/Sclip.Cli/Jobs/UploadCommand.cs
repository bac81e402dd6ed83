using System.CommandLine;
using Sclip.Cli.Labelling;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Stores;
using Sclip.Storage;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip upload</c>: puts local pictures into a container.</summary>
internal static class UploadCommand
{
    private const int UploadsAtOnce = 8;

    public static Command Create(CliContext context)
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "Pictures, folders of them, or globs.", Arity = ArgumentArity.OneOrMore };
        var place = new Option<string>("--to") { Description = "CONTAINER or CONTAINER/PREFIX; the container is created where it is missing.", Required = true };
        var command = new Command("upload", "Put pictures into the store, for a job to label. Pictures that are there in the same size are passed over.") { inputs, place };
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(place)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string[] inputs, string place)
    {
        var (container, prefix) = place.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (place[..slash], place[(slash + 1)..].TrimEnd('/') + "/") : (place, "");
        var pictures = (await InputScan.TellAsync(context, inputs, output: null)).Pictures;
        var account = StoreServices.Open();
        await account.CreateContainerAsync(container, context.Stop);
        var store = account.Container(container);
        var (uploaded, skipped, failed) = (0L, 0L, 0L);
        var there = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var blob in store.ListAsync(prefix, after: null, context.Stop))
            there[blob.Name] = blob.Bytes;
        await Parallel.ForEachAsync(pictures, new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = context.Stop }, async (picture, token) =>
        {
            var name = prefix + picture.Name;
            if (there.TryGetValue(name, out var bytes) && bytes == picture.Bytes)
            {
                Interlocked.Increment(ref skipped);
                return;
            }
            try
            {
                var content = await picture.Store.ReadAsync(picture.BlobName, int.MaxValue, token);
                await store.WriteAsync(name, content.Bytes, WriteCondition.None, token);
                Interlocked.Increment(ref uploaded);
            }
            catch (BlobStoreException error) when (error.Fault is not BlobStoreFault.Unavailable)
            {
                Interlocked.Increment(ref failed);
                await context.Error.WriteLineAsync($"failed: {JobNames.Shown(picture.Name)}: {error.Message}");
            }
        });
        await context.Output.WriteLineAsync($"{uploaded} pictures uploaded to {place}, {skipped} were there{(failed > 0 ? $", {failed} failed" : "")}.");
        return failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }
}
