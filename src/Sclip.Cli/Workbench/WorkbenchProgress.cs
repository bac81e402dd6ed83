using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Workbench.Sessions;
using Spectre.Console;

namespace Sclip.Cli.Workbench;

/// <summary>Tells how far the features are: a bar on a terminal, else a line now and then; then a line of what is there, and one for each picture that failed.</summary>
internal sealed class WorkbenchProgress(CliContext context)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task FollowAsync(Session session, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var last = context.Interactive ? await FollowBarAsync(session, cancellationToken) : await FollowPlainlyAsync(session, cancellationToken);
        foreach (var (name, error) in last.Failed)
            context.TellFailure(name, error);
        await context.Output.WriteLineAsync($"{Counted.Of(last.Ready, "picture")} ready in {Stopwatch.GetElapsedTime(start):hh\\:mm\\:ss}{(last.Failed.Count > 0 ? $", {last.Failed.Count} failed" : "")}");
    }

    private async Task<SessionProgress> FollowBarAsync(Session session, CancellationToken cancellationToken)
    {
        var columns = new ProgressColumn[] { new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn() };
        return await context.Console.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var task = progress.AddTask("looking at pictures", maxValue: session.Setup.Pictures.Count);
            return await LastAsync(session, now =>
            {
                task.Description = $"{now.Done}/{Counted.Of(now.Pictures, "picture")}";
                task.Value = now.Done;
            }, cancellationToken);
        });
    }

    private Task<SessionProgress> FollowPlainlyAsync(Session session, CancellationToken cancellationToken)
    {
        var told = Stopwatch.GetTimestamp();
        return LastAsync(session, now =>
        {
            if (Stopwatch.GetElapsedTime(told) < PlainInterval || now.Done == now.Pictures)
                return;
            told = Stopwatch.GetTimestamp();
            context.Output.WriteLine($"{now.Done}/{Counted.Of(now.Pictures, "picture")}{(now.SecondsLeft is { } left ? $", {TimeSpan.FromSeconds(left):hh\\:mm\\:ss} left" : "")}");
        }, cancellationToken);
    }

    private static async Task<SessionProgress> LastAsync(Session session, Action<SessionProgress> tell, CancellationToken cancellationToken)
    {
        SessionProgress? last = null;
        await foreach (var now in SessionProgress.FollowAsync(session, cancellationToken))
            tell(last = now);
        return last!;
    }
}
