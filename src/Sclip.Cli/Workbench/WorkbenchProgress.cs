using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Workbench.Sessions;

namespace Sclip.Cli.Workbench;

/// <summary>Tells how far the features are: a bar on a terminal, else a line now and then; then a line of what is there, and one for each picture that failed.</summary>
internal sealed class WorkbenchProgress(CliContext context)
{
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task FollowAsync(Session session, CancellationToken cancellationToken)
    {
        var (start, total) = (Stopwatch.GetTimestamp(), session.Setup.Pictures.Count);
        var last = context.Interactive
            ? await ProgressBar.ShowAsync(context, "computing features", total, report => FollowAsync(session, report, cancellationToken))
            : await FollowAsync(session, new PlainProgress(context, total).Report, cancellationToken);
        foreach (var (name, error) in last.Failed)
            context.TellFailure(name, error);
        await context.Output.WriteLineAsync($"{Counted.Of(last.Ready, "picture")} ready in {Stopwatch.GetElapsedTime(start):hh\\:mm\\:ss}{(last.Failed.Count > 0 ? $", {last.Failed.Count} failed" : "")}");
    }

    private static async Task<SessionProgress> FollowAsync(Session session, Action<long> report, CancellationToken cancellationToken)
    {
        SessionProgress? last = null;
        await foreach (var now in SessionProgress.FollowAsync(session, cancellationToken))
        {
            last = now;
            report(now.Done);
        }
        return last!;
    }
}
