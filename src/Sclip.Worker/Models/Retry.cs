using System.Globalization;

namespace Sclip.Worker.Models;

/// <summary>Tries again what failed transiently, after a wait that doubles, or that the server asked for, a bounded number of times.</summary>
/// <param name="delay">Waits.</param>
/// <param name="notify">Told of each failure and the wait.</param>
internal sealed class Retry(Func<TimeSpan, CancellationToken, Task> delay, Action<string> notify)
{
    public const int MostAttempts = 6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <param name="action">What may fail.</param>
    /// <param name="gained">Whether the failed attempt got so far that the count starts anew.</param>
    /// <param name="cancellationToken">Ends the waits too.</param>
    /// <exception cref="ModelHubException">The last attempt failed as well.</exception>
    public async Task<T> Run<T>(Func<Task<T>> action, Func<bool> gained, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TransientFailure failure;
            try
            {
                return await action();
            }
            catch (TransientFailure transient)
            {
                failure = transient;
            }
            attempt = gained() ? 1 : attempt;
            if (attempt == MostAttempts)
                throw new ModelHubException($"{failure.Message}; gave up after {MostAttempts} attempts. What is downloaded is kept: try again later.", failure) { Transient = true };
            var wait = failure.RetryAfter ?? TimeSpan.FromSeconds(1 << (attempt - 1));
            wait = wait < LongestWait ? wait : LongestWait;
            notify(string.Create(CultureInfo.InvariantCulture, $"{failure.Message}; trying again in {wait.TotalSeconds:0} s"));
            await delay(wait, cancellationToken);
        }
    }
}
