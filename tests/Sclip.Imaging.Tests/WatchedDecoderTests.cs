using Sclip.Testing;

namespace Sclip.Imaging.Tests;

public sealed class WatchedDecoderTests : IDisposable
{
    private readonly StuckDecoder _decoder = new();
    private readonly List<string> _lost = [];

    public void Dispose() => _decoder.Dispose();

    [Fact]
    public async Task What_comes_back_in_time_is_what_the_decoder_says()
    {
        Assert.Equal(Fixture.Decode("rgb8.png").Pixels, (await RunAsync(Fixture.Read("rgb8.png"))).Pixels);
        Assert.Equal("the file is empty.", (await Assert.ThrowsAsync<ImageDecodeException>(() => RunAsync([]))).Message);
    }

    [Fact]
    public async Task A_decoder_that_heeds_its_token_fails_the_picture_and_loses_no_thread()
    {
        var error = await Assert.ThrowsAsync<DecodeTimeoutException>(() => RunAsync(StuckDecoder.Slow));
        Assert.Equal((false, "timed out: it was not decoded within 0.5 s."), (error.IsLost, error.Message));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_decoder_that_does_not_come_back_fails_the_picture_and_is_told_as_lost()
    {
        var error = await Assert.ThrowsAsync<DecodeTimeoutException>(() => RunAsync(StuckDecoder.Endless));
        Assert.Equal((true, "timed out: it was not decoded within 0.5 s, and its decoder does not come back."), (error.IsLost, error.Message));
        Assert.Equal(["p"], _lost);
    }

    [Fact]
    public async Task A_picture_that_comes_back_in_the_grace_is_decoded()
    {
        var watched = Watched with { Grace = TimeSpan.FromMinutes(1) };
        var running = watched.RunAsync("p", _ => _decoder.Decode(StuckDecoder.Endless, ImageLimits.Default, CancellationToken.None).Width, TestContext.Current.CancellationToken);
        await Task.Delay(2 * watched.Time, TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        _decoder.Dispose();
        // The double has let it go: what it says then is the decoder's word, and no time-out.
        Assert.Contains("no picture", (await Assert.ThrowsAsync<ImageDecodeException>(() => running)).Message, StringComparison.Ordinal);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_cancellation_is_none_of_the_pictures_failures()
    {
        using var cancel = new CancellationTokenSource();
        var running = (Watched with { Time = TimeSpan.FromMinutes(10) }).RunAsync("p", token => _decoder.Decode(StuckDecoder.Slow, ImageLimits.Default, token), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_thread_that_is_lost_after_a_cancellation_is_told_too()
    {
        using var cancel = new CancellationTokenSource();
        var running = Watched.RunAsync("p", token => _decoder.Decode(StuckDecoder.Endless, ImageLimits.Default, CancellationToken.None), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<DecodeTimeoutException>(() => running);
        Assert.Equal(["p"], _lost);
    }

    private WatchedDecoder Watched => _decoder.Watched with { Lost = _lost.Add };

    private Task<RgbImage> RunAsync(byte[] file) => Watched.RunAsync("p", token => Watched.Decode(file, ImageLimits.Default, token), TestContext.Current.CancellationToken);
}
