using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>Where a forward pass runs, and the activations that live no longer than a block of it.</summary>
/// <param name="threads">What its loops run on.</param>
internal sealed class ForwardPass(Threads threads) : IDisposable
{
    public Threads Threads { get; } = threads;

    public Workspace Workspace { get; } = new();

    public void Dispose() => Workspace.Dispose();
}
