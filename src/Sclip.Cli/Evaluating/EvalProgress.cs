namespace Sclip.Cli.Evaluating;

/// <summary>Shows how an evaluation goes: a bar on a terminal, else a plain line now and then.</summary>
internal sealed class EvalProgress(CliContext context, bool isQuiet)
{
    /// <summary>Follows a run; it tells of each picture, from any thread.</summary>
    public async Task<T> FollowAsync<T>(long total, Func<Action, Task<T>> run)
    {
        if (isQuiet)
            return await run(() => { });
        if (context.Interactive)
            return await ProgressBar.ShowAsync(context, "counting", total, Counted);
        return await Counted(new PlainProgress(context, total).Report);

        Task<T> Counted(Action<long> report)
        {
            var done = 0L;
            return run(() => report(Interlocked.Increment(ref done)));
        }
    }
}
