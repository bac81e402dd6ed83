namespace Sclip.Segmentation.TorchSharp.Cuda;

/// <summary>The primary context of a device, the one in which libtorch computes, as long as the process lives; its default stream is libtorch's.</summary>
internal sealed class CudaContext(int device)
{
    private readonly nint _context = Retain(device);

    /// <summary>Runs a call of the driver in this context.</summary>
    /// <exception cref="DeviceLostException">The device answers with an error.</exception>
    public void Run(Func<int> call)
    {
        Require(CudaDriver.PushContext(_context));
        try
        {
            Require(call());
        }
        finally
        {
            _ = CudaDriver.PopContext(out _);
        }
    }

    /// <summary>Free and total memory in bytes.</summary>
    public (long Free, long Total) Memory()
    {
        nuint free = 0, total = 0;
        Run(() => CudaDriver.GetMemory(out free, out total));
        return ((long)free, (long)total);
    }

    private static nint Retain(int device)
    {
        Require(CudaDriver.RetainPrimaryContext(out var context, device));
        return context;
    }

    private static void Require(int code)
    {
        if (code != CudaDriver.Success)
            throw new DeviceLostException(CudaDriver.Describe(code));
    }
}
