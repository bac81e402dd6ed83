using System.Runtime.InteropServices;
using Sclip.Segmentation.TorchSharp.Cuda;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.Pictures;

/// <summary>
/// Brings decoded pictures to the device. Two buffers take turns, and copies go through a stream of their own from pinned memory, so that
/// the pictures of the next forward pass arrive while this one is computed.
/// </summary>
internal sealed partial class PictureUpload(TorchDevice device) : IDisposable
{
    private readonly Slot[] _slots = [new(device), new(device)];
    private nint _stream;
    private int _turn;

    /// <summary>Copies pictures; each is <c>[height, width, 3]</c>, 8 bits, and may be read until <see cref="Release"/>.</summary>
    public Tensor[] Upload(IReadOnlyList<SegmentationInput> pictures)
    {
        var slot = _slots[_turn];
        var bytes = pictures.Sum(picture => (long)picture.Height * picture.Width * 3);
        if (device.Context is { } context && _stream == 0)
            context.Run(() => CudaDriver.CreateStream(out _stream, CudaDriver.StreamNonBlocking));
        slot.Fill(pictures, bytes, _stream);
        var views = new Tensor[pictures.Count];
        long offset = 0;
        for (var i = 0; i < views.Length; i++)
        {
            var (height, width) = (pictures[i].Height, pictures[i].Width);
            views[i] = slot.Device.narrow(0, offset, (long)height * width * 3).view(height, width, 3);
            offset += (long)height * width * 3;
        }
        return views;
    }

    /// <summary>All that reads the pictures of the last upload has been given to the device.</summary>
    public void Release()
    {
        _slots[_turn].Release();
        _turn = 1 - _turn;
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
        if (_stream != 0)
            _ = CudaDriver.DestroyStream(_stream);
        _stream = 0;
    }

    /// <summary>The address of a tensor's values; TorchSharp itself shows that of tensors on the CPU alone.</summary>
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    internal static partial nint AddressOf(nint tensor);

    /// <summary>A buffer on the device and its pinned twin on the host; on a CPU both are one.</summary>
    private sealed class Slot(TorchDevice device) : IDisposable
    {
        private const long Grain = 1 << 20;
        private CudaEvent? _uploaded, _released;
        private Tensor? _host, _device;

        public Tensor Device => _device!;

        public void Fill(IReadOnlyList<SegmentationInput> pictures, long bytes, nint stream)
        {
            // What is in the host's buffer may still be on its way.
            _uploaded?.Wait();
            if (_host is null || _host.numel() < bytes)
                Grow((bytes + Grain - 1) / Grain * Grain, stream);
            var target = _host!.bytes;
            foreach (var picture in pictures)
            {
                var source = picture.Rgb.Span[..(picture.Height * picture.Width * 3)];
                source.CopyTo(target);
                target = target[source.Length..];
            }
            if (device.Context is not { } context)
                return;
            _uploaded ??= new CudaEvent(context);
            _released?.HoldUp(stream);
            var (from, to) = (AddressOf(_host.Handle), AddressOf(_device!.Handle));
            context.Run(() => CudaDriver.CopyToDevice(to, from, (nuint)bytes, stream));
            _uploaded.Record(stream);
            _uploaded.HoldUp(0);
        }

        public void Release()
        {
            if (device.Context is { } context)
                (_released ??= new CudaEvent(context)).Record();
        }

        public void Dispose()
        {
            _host?.Dispose();
            _device?.Dispose();
            _uploaded?.Dispose();
            _released?.Dispose();
            (_host, _device, _uploaded, _released) = (null, null, null, null);
        }

        private void Grow(long bytes, nint stream)
        {
            _host?.Dispose();
            _device?.Dispose();
            (_host, _device) = (null, null);
            using var _ = NewDisposeScope();
            if (device.Context is not { } context)
            {
                _host = empty(bytes, dtype: ScalarType.Byte).DetachFromDisposeScope();
                _device = _host.alias().DetachFromDisposeScope();
                return;
            }
            _host = empty(bytes, dtype: ScalarType.Byte).pin_memory().DetachFromDisposeScope();
            _device = empty(bytes, dtype: ScalarType.Byte, device: device.Device).DetachFromDisposeScope();
            // libtorch may hand out memory that what it was given before still works on; the copy must come after that.
            (_released ??= new CudaEvent(context)).Record();
            _released.HoldUp(stream);
        }
    }
}
