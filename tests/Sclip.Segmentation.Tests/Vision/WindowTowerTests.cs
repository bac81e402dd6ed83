using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Tests.Vision;

/// <summary>How the work on a window ends early.</summary>
public sealed class WindowTowerTests : IDisposable
{
    private readonly GoldenModel _model = new(Testing.Golden.Models.First());
    private readonly ManagedBlocks _blocks;
    private readonly CancellationTokenSource _cancellation = new();

    public WindowTowerTests() => _blocks = new ManagedBlocks(_model.Clip.Vision, _model.Clip.Vision.Together);

    public void Dispose()
    {
        _cancellation.Dispose();
        _blocks.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Cancelled_attention_begins_no_further_head()
    {
        var (window, heads) = (Window(), 0);
        Assert.Throws<OperationCanceledException>(() => window.Attend(_blocks.Algebra.Zeros(3, _model.Clip.Config.Vision.Width), _ =>
        {
            heads++;
            _cancellation.Cancel();
            return _blocks.Algebra.Zeros(3, 3);
        }));
        Assert.Equal(1, heads);
    }

    [Fact]
    public void Cancelled_blocks_are_not_computed()
    {
        _cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Window().OutputsOver(new float[3 * Side * Side]));
    }

    private int Side => 2 * _model.Clip.Config.PatchSize;

    private WindowTower Window() => new(_blocks, _model.Clip.Config, new(Side, Side), _ => throw new InvalidOperationException(), () => throw new InvalidOperationException())
    {
        CancellationToken = _cancellation.Token,
    };
}
