using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Gallery;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests;

public sealed class ThumbnailTests : IDisposable
{
    private static readonly JobDocument Job = new()
    {
        Id = "job",
        Created = DateTimeOffset.UnixEpoch,
        Input = new JobInput { Container = "photos" },
        Labels = [new LabelClass { Name = "sky" }],
        Model = "test/model",
        Settings = new JobSettings(),
        ShardSize = 10,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly StuckDecoder _decoder = new();
    private readonly Thumbnails _thumbnails;

    public ThumbnailTests() => _thumbnails = Make(_decoder.Watched);

    public void Dispose()
    {
        _thumbnails.Dispose();
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_picture_whose_decoder_does_not_come_back_is_refused_not_tried_again_and_holds_up_no_other()
    {
        _folder.Write("photos/endless.jpg", StuckDecoder.Endless);
        _folder.Write("photos/good.png", JobServers.Picture(1));
        Assert.Contains("endless.jpg cannot be shown: timed out: it was not decoded within 0.5 s", await RefusalAsync("endless.jpg"), StringComparison.Ordinal);
        for (var again = 0; again < 3; again++)
            Assert.Contains("its decoder did not come back before", await RefusalAsync("endless.jpg"), StringComparison.Ordinal);
        Assert.Equal(1, _decoder.Stuck);
        Assert.NotEmpty((await ShowAsync("good.png")).Jpeg);

        // Another picture by its name is tried.
        _folder.Write("photos/endless.jpg", JobServers.Picture(2));
        Assert.NotEmpty((await ShowAsync("endless.jpg")).Jpeg);
    }

    [Fact]
    public async Task Only_a_few_threads_are_ever_lost()
    {
        _folder.Write("photos/good.png", JobServers.Picture(1));
        for (var i = 0; i < 8; i++)
            _folder.Write($"photos/{i}.jpg", StuckDecoder.Endless);
        for (var i = 0; i < 8; i++)
            Assert.Contains("come back", await RefusalAsync($"{i}.jpg"), StringComparison.Ordinal);
        Assert.Equal(4, _decoder.Stuck);
        Assert.Contains("until it is started anew", await RefusalAsync("good.png"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_whose_decoder_ends_when_told_to_is_refused_and_costs_no_thread()
    {
        _folder.Write("photos/slow.jpg", StuckDecoder.Slow);
        // It ends at once when it is told to, however late that is on a busy machine.
        using var patient = Make(_decoder.Watched with { Grace = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 5; i++)
            Assert.EndsWith("slow.jpg cannot be shown: timed out: it was not decoded within 0.5 s.", await RefusalAsync("slow.jpg", patient), StringComparison.Ordinal);
    }

    private Thumbnails Make(WatchedDecoder decoder) => new(
        new JobStores("sclip", new JobBlobs(new FileBlobStore(_folder["sclip"])), _ => new FileBlobStore(_folder["photos"]), _ => new FileBlobStore(_folder["out"])), decoder, NullLogger<Thumbnails>.Instance);

    private Task<(byte[] Jpeg, string ETag)> ShowAsync(string image, Thumbnails? thumbnails = null) =>
        (thumbnails ?? _thumbnails).PictureAsync(Job, image, version: null, side: 64, TestContext.Current.CancellationToken);

    private async Task<string> RefusalAsync(string image, Thumbnails? thumbnails = null)
    {
        var refusal = await Assert.ThrowsAsync<JobRequestException>(() => ShowAsync(image, thumbnails));
        Assert.Equal(JobRequestFault.Unshowable, refusal.Fault);
        return refusal.Message;
    }
}
