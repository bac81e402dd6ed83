namespace Sclip.Segmentation.TorchSharp.Cuda;

/// <summary>A mark in a stream: others can wait for it, and the time between two can be read.</summary>
internal sealed class CudaEvent : IDisposable
{
    private readonly CudaContext _context;
    private nint _event;

    public CudaEvent(CudaContext context)
    {
        _context = context;
        context.Run(() => CudaDriver.CreateEvent(out _event, CudaDriver.EventDefault));
    }

    /// <summary>Sets the mark behind all that the stream was given; stream 0 is libtorch's.</summary>
    public void Record(nint stream = 0) => _context.Run(() => CudaDriver.RecordEvent(_event, stream));

    /// <summary>Lets a stream wait for the mark.</summary>
    public void HoldUp(nint stream) => _context.Run(() => CudaDriver.WaitForEvent(stream, _event, 0));

    /// <summary>Waits until the device has come to the mark; at once where it was never set.</summary>
    public void Wait() => _context.Run(() => CudaDriver.SynchronizeEvent(_event));

    /// <summary>Seconds from this mark to a later one; both have been reached.</summary>
    public double SecondsTo(CudaEvent end)
    {
        float milliseconds = 0;
        _context.Run(() => CudaDriver.GetElapsed(out milliseconds, _event, end._event));
        return milliseconds / 1000.0;
    }

    public void Dispose()
    {
        // A lost device takes its events with it.
        if (_event != 0)
            _ = CudaDriver.DestroyEvent(_event);
        _event = 0;
    }
}
