using Sclip.Contracts;

namespace Sclip.Cli.Labelling;

/// <summary>Shows how a run goes: a bar on a terminal, else a plain line now and then and one for each picture that failed.</summary>
internal sealed class RunProgress(CliContext context)
{
    /// <summary>Follows results to their end.</summary>
    public Task FollowAsync(int total, IAsyncEnumerable<ImageResult> results, Action<ImageResult> take)
    {
        if (context.Interactive)
            return ProgressBar.ShowAsync(context, "labelling", total, report => FollowAsync(results, (result, done) =>
            {
                take(result);
                report(done);
            }));
        var progress = new PlainProgress(context, total);
        return FollowAsync(results, (result, done) =>
        {
            take(result);
            if (result.Status == ImageStatus.Failed)
                context.TellFailure(result.Image, result.Error);
            if (done < total)
                progress.Report(done);
            else
                progress.Tell(done);
        });
    }

    private static async Task<long> FollowAsync(IAsyncEnumerable<ImageResult> results, Action<ImageResult, long> next)
    {
        var done = 0L;
        await foreach (var result in results)
            next(result, ++done);
        return done;
    }
}
