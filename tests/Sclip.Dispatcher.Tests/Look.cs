using System.Text.Json;

namespace Sclip.Dispatcher.Tests;

/// <summary>Waits for what comes in its own time.</summary>
internal static class Look
{
    /// <summary>Looks again and again until what is seen is as expected.</summary>
    public static async Task<T> UntilAsync<T>(string what, Func<CancellationToken, Task<T>> look, Func<T, bool> isReached)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (true)
        {
            var seen = await look(CancellationToken.None);
            if (isReached(seen))
                return seen;
            Assert.False(limit.IsCancellationRequested, $"It did not come to this: {what}; but to {JsonSerializer.Serialize(seen)}");
            await Task.Delay(200, CancellationToken.None);
        }
    }
}
