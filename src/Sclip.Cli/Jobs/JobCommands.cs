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
        var dispatcher = DispatcherOption.Create();
        var command = new Command("status", "Show where a job stands; without one, list all jobs.") { id, json, dispatcher };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(id) is not { } named)
                return await ListCommand.RunAsync(context, new JobFilter(), parsed.GetValue(dispatcher), parsed.GetValue(json));
            var status = parsed.GetValue(dispatcher) is { } address ? await AskAsync(address, jobs => jobs.FindAsync(named, context.Stop)) : await ReadAsync(named, context.Stop);
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
        var job = await session.FindAsync(id, cancellationToken);
        return await new JobWatch().ReadOnceAsync(new JobReader(session.Stores.Jobs, job), job, cancellationToken);
    }

    private static async Task<JobStatus> AskAsync(string dispatcher, Func<DispatchedJobs, Task<JobStatus>> ask)
    {
        using var jobs = DispatcherOption.Open(dispatcher);
        return await ask(jobs);
    }

    private static Command Watch(CliContext context)
    {
        var id = JobArgument();
        var json = JsonOption.Create();
        var dispatcher = DispatcherOption.Create();
        var command = new Command("watch", "Follow a job to its end: progress, rate, time left, workers, failures.") { id, json, dispatcher };
        command.SetAction(async (parsed, _) =>
        {
            var (named, follower) = (parsed.GetRequiredValue(id), new JobFollower(context, WatchInterval));
            if (parsed.GetValue(dispatcher) is { } address)
            {
                using var jobs = DispatcherOption.Open(address);
                var asked = new DispatchedWatch(jobs, named, WatchInterval, follower.WarnAsync);
                return await FollowAsync(() => asked.ReadAsync(context.Stop));
            }
            await using var session = JobSession.Open();
            var job = await session.FindAsync(named, context.Stop);
            var (watch, reader) = (new JobWatch(), new JobReader(session.Stores.Jobs, job));
            return await FollowAsync(() => watch.ReadAsync(reader, job, context.Stop));

            Task<int> FollowAsync(Func<Task<JobStatus>> read) => parsed.GetValue(json) ? follower.FollowAsJsonAsync(read) : follower.FollowAsync(read);
        });
        return command;
    }

    private static Command Cancel(CliContext context)
    {
        var id = JobArgument();
        var dispatcher = DispatcherOption.Create();
        var command = new Command("cancel", "Cancel a job: workers leave it; what is labelled stays.") { id, dispatcher };
        command.SetAction(async (parsed, _) =>
        {
            var named = parsed.GetRequiredValue(id);
            if (parsed.GetValue(dispatcher) is { } address)
                await AskAsync(address, jobs => jobs.CancelAsync(named, context.Stop));
            else
                await CancelAsync(named, context.Stop);
            // What is in the environment holds for the retry, too.
            var where = parsed.GetResult(dispatcher) is { Implicit: false } ? $" --dispatcher {parsed.GetValue(dispatcher)}" : "";
            await context.Output.WriteLineAsync($"Cancelled {named}; `sclip retry {named}{where}` goes on with it.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task CancelAsync(string id, CancellationToken cancellationToken)
    {
        await using var session = JobSession.Open();
        await session.Control.CancelAsync(await session.FindAsync(id, cancellationToken), cancellationToken);
    }

    private static Command Retry(CliContext context)
    {
        var id = JobArgument();
        var failed = new Option<bool>("--failed") { Description = "Also label the images again that failed." };
        var dispatcher = DispatcherOption.Create();
        var command = new Command("retry", "Enqueue the shards of a job that have no results, also of one that was cancelled or whose messages were lost.") { id, failed, dispatcher };
        command.SetAction(async (parsed, _) =>
        {
            var (named, again) = (parsed.GetRequiredValue(id), parsed.GetValue(failed));
            await context.Output.WriteLineAsync(parsed.GetValue(dispatcher) is { } address
                ? Told(await AskAsync(address, jobs => jobs.RetryAsync(named, again, context.Stop)))
                : await RetryAsync(named, again, context.Stop));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<string> RetryAsync(string id, bool failed, CancellationToken cancellationToken)
    {
        await using var session = await JobSession.OpenWithBrokerAsync(cancellationToken);
        var (shards, images) = await session.Control.RetryAsync(await session.FindAsync(id, cancellationToken), failed, cancellationToken);
        return shards == 0
            ? $"All shards of {id} have results{(failed ? ", and no image failed" : "")}."
            : $"Enqueued {Counted.Of(shards, "shard")} of {id}{(images > 0 ? $", with {Counted.Of(images, "image")} that failed" : "")}.";
    }

    /// <summary>A dispatcher answers where the job stands, and not how much it enqueued; it goes on with a plan that is not complete.</summary>
    private static string Told(JobStatus job) => job switch
    {
        { Images: null } => $"The dispatcher goes on with the plan of {job.Id}.",
        _ when job.Shards == job.ShardsDone => $"All shards of {job.Id} have results.",
        _ => $"Enqueued what has no results of {job.Id}: {JobView.Number(job.Shards - job.ShardsDone)} of {Counted.Of(job.Shards, "shard")}.",
    };
}
