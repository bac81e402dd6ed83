namespace Sclip.Segmentation.Vision;

/// <summary>
/// The outputs of the blocks that several methods begin with, of each forward pass in turn, kept for further methods over the same passes: no dense method
/// changes them.
/// </summary>
/// <param name="blocks">The blocks that any of the methods begins with.</param>
internal sealed class SharedTrunk(IReadOnlyList<int> blocks) : IDisposable
{
    private readonly List<BlockOutputs> _passes = [];
    private int _next;

    /// <summary>The blocks whose outputs are kept.</summary>
    public IReadOnlyList<int> Blocks => blocks;

    /// <summary>The passes begin anew.</summary>
    public void Rewind() => _next = 0;

    /// <summary>What was kept of the next pass; null where it is to be computed, and kept.</summary>
    public BlockOutputs? Take() => _next == _passes.Count ? null : _passes[_next++];

    /// <summary>Keeps the pass that <see cref="Take"/> did not have.</summary>
    public void Keep(BlockOutputs pass)
    {
        _passes.Add(pass);
        _next++;
    }

    public void Dispose()
    {
        foreach (var pass in _passes)
            pass.Dispose();
    }
}
