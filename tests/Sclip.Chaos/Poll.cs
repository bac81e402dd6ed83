namespace Sclip.Chaos;

/// <summary>Waits for something to become true, up to a limit far above what it takes.</summary>
internal static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes.</summary>
    /// <param name="what">What is waited for, for the message of a failure.</param>
    /// <param name="isSo">Asked again and again.</param>
    /// <param name="explain">How things stand, for the message of a failure.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, Func<Task<string>>? explain = null)
    {
        var end = DateTimeOffset.UtcNow + Limit;
        while (!await isSo())
        {
            if (DateTimeOffset.UtcNow > end)
                throw new TimeoutException($"Waited in vain until {what}. {(explain is null ? "" : await explain())}");
            await Task.Delay(Pause);
        }
    }
}
