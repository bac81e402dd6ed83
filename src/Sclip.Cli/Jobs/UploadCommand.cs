using System.CommandLine;
using System.Security.Cryptography;
using Sclip.Cli.Labelling;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
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
        var replace = new Option<bool>("--replace") { Description = "Replace pictures that are there with other content; a job that is at work on them may see either." };
        var json = JsonOption.Create();
        var command = new Command("upload", "Put pictures into the store, for a job to label. Pictures that are there with the same content are skipped.") { inputs, place, replace, json };
        command.SetAction(async (parsed, _) =>
        {
            var outcome = await RunAsync(context, parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(place), parsed.GetValue(replace));
            if (parsed.GetValue(json))
                await context.Output.WriteJsonAsync(outcome, CliJson.Default.UploadOutcome);
            else
                await context.Output.WriteLineAsync(
                    $"{Counted.Of(outcome.Uploaded, "picture")} uploaded to {Printable.Line(outcome.To)}{(outcome.Replaced > 0 ? $", {outcome.Replaced} replaced" : "")}, {outcome.Present} already there{(outcome.Failed > 0 ? $", {outcome.Failed} failed" : "")}.");
            return outcome.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<UploadOutcome> RunAsync(CliContext context, string[] inputs, string place, bool replace)
    {
        var (container, prefix) = place.TrimEnd('/') is var whole && whole.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (whole[..slash], whole[(slash + 1)..] + "/") : (whole, "");
        if (prefix.Length > 0 && JobNames.Refusal(prefix + "x") is { } refusal)
            throw new UserException($"--to {place}: {refusal}");
        var pictures = (await InputScan.TellAsync(context, inputs, output: null)).Pictures;
        var account = StoreServices.Open();
        await account.CreateContainerAsync(container, context.Stop);
        var store = account.Container(container);
        var (uploaded, replaced, skipped, failed) = (0L, 0L, 0L, 0L);
        var there = new Dictionary<string, BlobEntry>(StringComparer.Ordinal);
        await foreach (var blob in store.ListAsync(prefix, after: null, context.Stop))
            there[blob.Name] = blob;
        await Parallel.ForEachAsync(pictures, new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = context.Stop }, async (picture, token) =>
        {
            var name = prefix + picture.Name;
            try
            {
                var content = (await picture.Store.ReadAsync(picture.BlobName, int.MaxValue, token)).Bytes;
                if (there.GetValueOrDefault(name) is not { } blob)
                {
                    // Another upload may have put one there since.
                    if (await store.WriteAsync(name, content, WriteCondition.Missing, token) is null)
                        throw new UserException("another upload put a picture of that name there meanwhile. Upload again.");
                    Interlocked.Increment(ref uploaded);
                }
                else if (await store.HoldsAsync(blob, content.Length, MD5.HashData(content), token))
                {
                    Interlocked.Increment(ref skipped);
                }
                else if (replace)
                {
                    await store.WriteAsync(name, content, WriteCondition.None, token);
                    Interlocked.Increment(ref replaced);
                }
                else
                {
                    throw new UserException($"{container} has another picture by the name {JobNames.Shown(name)}. Upload it to another place, or give --replace.");
                }
            }
            catch (Exception error) when (error is UserException or BlobStoreException { Fault: not BlobStoreFault.Unavailable })
            {
                Interlocked.Increment(ref failed);
                context.TellFailure(picture.Name, error.Message);
            }
        });
        return new UploadOutcome { To = place, Uploaded = uploaded, Replaced = replaced, Present = skipped, Failed = failed };
    }
}
