using Sclip.Imaging;

namespace Sclip.Testing;

/// <summary>
/// Decodes as the product does, but for two kinds of files: from one it does not come back, like a decoder in an endless loop; from the other it
/// comes back only when it is told to end.
/// </summary>
public sealed class StuckDecoder : IDisposable
{
    private readonly ManualResetEventSlim _isOver = new();
    private int _stuck;

    /// <summary>A file that it does not come back from.</summary>
    public static byte[] Endless => "endless"u8.ToArray();

    /// <summary>A file that it decodes until it is told to end.</summary>
    public static byte[] Slow => "slow"u8.ToArray();

    /// <summary>Threads that are in it and do not come back.</summary>
    public int Stuck => _stuck;

    /// <summary>The decoder, with short times.</summary>
    public WatchedDecoder Watched => new() { Decode = Decode, Time = TimeSpan.FromSeconds(0.5), Grace = TimeSpan.FromSeconds(0.5) };

    public RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (file.SequenceEqual(Slow))
            WaitHandle.WaitAny([cancellationToken.WaitHandle, _isOver.WaitHandle]);
        cancellationToken.ThrowIfCancellationRequested();
        if (file.SequenceEqual(Endless))
        {
            Interlocked.Increment(ref _stuck);
            _isOver.Wait(CancellationToken.None);
        }
        return ImageDecoder.Decode(file, limits, cancellationToken);
    }

    /// <summary>Lets go whom it holds.</summary>
    public void Dispose() => _isOver.Set();
}
