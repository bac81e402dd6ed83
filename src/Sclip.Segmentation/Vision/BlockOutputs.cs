using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>Outputs of some blocks over the windows of a forward pass, each <c>[R, W]</c>.</summary>
internal sealed unsafe class BlockOutputs : IDisposable
{
    private readonly Dictionary<int, NativeBuffer> _buffers = [];

    /// <summary>Makes room for a pass; what was held of the one before is overwritten.</summary>
    public void Reserve(IReadOnlyList<int> blocks, long length)
    {
        foreach (var block in _buffers.Keys.Where(block => !blocks.Contains(block) || _buffers[block].Length < length).ToArray())
        {
            _buffers[block].Dispose();
            _buffers.Remove(block);
        }
        foreach (var block in blocks)
            if (!_buffers.ContainsKey(block))
                _buffers.Add(block, new NativeBuffer(length));
    }

    public float* Of(int block) => _buffers[block].Pointer;

    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
            buffer.Dispose();
        _buffers.Clear();
    }
}
