using System.CommandLine;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;

namespace Sclip.Cli.Jobs;

/// <summary>The commands about jobs that are in the store.</summary>
internal static class JobCommands
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static IEnumerable<Command> Create(CliContext context)
    {
        yield return UploadCommand.Create(context);
        yield return SubmitCommand.Create(context);
        yield return ListCommand.Create(context);
        yield return Status(context);
        yield return Watch(context);
        yield return Cancel(context);
        yield return Retry(context);
        yield return ResultsCommand.Create(context);
    }

    public static Argument<string> JobArgument() => new("JOB") { Description = "The job's id." };

    private static Command Status(CliContext context)
    {
        var id = new Argument<string?>("JOB") { Description = "The job's id; without one, all jobs are listed.", Arity = ArgumentArity.ZeroOrOne };
        var json = JsonOption.Create();
        var dispatcher = ListCommand.CreateDispatcherOption();
        var command = new Command("status", "Show where a job stands; without one, list all jobs.") { id, json, dispatcher };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(id) is not { } named)
                return await ListCommand.RunAsync(context, new JobFilter(), parsed.GetValue(dispatcher), parsed.GetValue(json));
            var status = parsed.GetValue(dispatcher) is { } address ? await ListCommand.Dispatched(address).FindAsync(named, context.Stop) : await ReadAsync(named, context.Stop);
            if (parsed.GetValue(json))
                await context.Output.WriteJsonAsync(status, Json.Default.JobStatus);
            else
                JobView.Show(context, status);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<JobStatus> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await using var session = JobSession.Open();
        var job = await session.Control.FindAsync(id, cancellationToken);
        return await new JobWatch().ReadOnceAsync(new JobReader(session.Stores.Jobs, job), job, cancellationToken);
    }

    private static Command Watch(CliContext context)
    {
        var id = JobArgument();
        var json = JsonOption.Create();
        var command = new Command("watch", "Follow a job to its end: progress, rate, time left, workers, failures.") { id, json };
        command.SetAction(async (parsed, _) =>
        {
            await using var session = JobSession.Open();
            var job = await session.Control.FindAsync(parsed.GetRequiredValue(id), context.Stop);
            var (watch, reader, follower) = (new JobWatch(), new JobReader(session.Stores.Jobs, job), new JobFollower(context, WatchInterval));
            Task<JobStatus> ReadAsync() => watch.ReadAsync(reader, job, context.Stop);
            return await (parsed.GetValue(json) ? follower.FollowAsJsonAsync(ReadAsync) : follower.FollowAsync(ReadAsync));
        });
        return command;
    }

    private static Command Cancel(CliContext context)
    {
        var id = JobArgument();
        var command = new Command("cancel", "Cancel a job: workers leave it; what is labelled stays.") { id };
        command.SetAction(async (parsed, _) =>
        {
            await using var session = JobSession.Open();
            var job = await session.Control.FindAsync(parsed.GetRequiredValue(id), context.Stop);
            await session.Control.CancelAsync(job, context.Stop);
            await context.Output.WriteLineAsync($"Cancelled {job.Id}; `sclip retry {job.Id}` goes on with it.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Retry(CliContext context)
    {
        var id = JobArgument();
        var failed = new Option<bool>("--failed") { Description = "Also label the images again that failed." };
        var command = new Command("retry", "Enqueue the shards of a job that have no results, also of one that was cancelled or whose messages were lost.") { id, failed };
        command.SetAction(async (parsed, _) =>
        {
            await using var session = await JobSession.OpenWithBrokerAsync(context.Stop);
            var job = await session.Control.FindAsync(parsed.GetRequiredValue(id), context.Stop);
            var (shards, images) = await session.Control.RetryAsync(job, parsed.GetValue(failed), context.Stop);
            await context.Output.WriteLineAsync(shards == 0 ? $"All shards of {job.Id} have results{(parsed.GetValue(failed) ? ", and no image failed" : "")}." : $"Enqueued {Counted.Of(shards, "shard")} of {job.Id}{(images > 0 ? $", with {Counted.Of(images, "image")} that failed" : "")}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
