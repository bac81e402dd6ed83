using System.Diagnostics;
using Sclip.Workbench.Engines;

namespace Sclip.Workbench.Judging;

/// <summary>Work that somebody waits for, but that takes longer than who types may be kept waiting: done piece by piece, so that others have their turn between pieces.</summary>
internal static class Turns
{
    // Not felt by who types; and while features are computed a turn is had after each picture only, so that it should not be wasted on a single piece.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(40);

    /// <summary>Does all pieces, in order.</summary>
    /// <param name="engine">Whose turn it is.</param>
    /// <param name="pieces">How many.</param>
    /// <param name="work">Does one.</param>
    /// <param name="tell">Hears after each turn how many are done.</param>
    /// <param name="cancellationToken">Checked between pieces.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task RunAsync(WorkbenchEngine engine, int pieces, Action<int, CancellationToken> work, Func<int, Task>? tell, CancellationToken cancellationToken)
    {
        for (var done = 0; done < pieces;)
        {
            var first = done;
            done = await engine.AnswerAsync(token =>
            {
                var start = Stopwatch.GetTimestamp();
                var next = first;
                do
                {
                    token.ThrowIfCancellationRequested();
                    work(next++, token);
                }
                while (next < pieces && Stopwatch.GetElapsedTime(start) < Longest);
                return next;
            }, cancellationToken);
            if (tell is not null)
                await tell(done);
        }
    }
}
