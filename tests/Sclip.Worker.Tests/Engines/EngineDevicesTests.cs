using System.Runtime.InteropServices;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class EngineDevicesTests
{
    [Fact]
    public void Auto_takes_the_first_CUDA_device()
    {
        var devices = Find("auto", cuda: 2);
        Assert.Equal(["cuda:0"], Names(devices));
        Assert.Equal("cuda:0 (a GPU), chosen by auto", devices.Choice);
    }

    [Fact]
    public void Auto_takes_the_CPU_where_there_is_no_CUDA_device_and_says_why()
    {
        var devices = Find("auto", cuda: 0);
        Assert.IsType<ManagedDevice>(Assert.Single(devices.All));
        Assert.Equal("cpu (the managed engine), chosen by auto: there is no driver", devices.Choice);
    }

    [Fact]
    public void Auto_takes_the_CPU_where_the_device_cannot_be_used_and_says_why()
    {
        var devices = Find("auto", cuda: 1, broken: 0);
        Assert.IsType<ManagedDevice>(Assert.Single(devices.All));
        Assert.Equal("cpu (the managed engine), chosen by auto: cuda:0: the driver is too old", devices.Choice);
    }

    [Fact]
    public void Auto_does_not_compute_in_another_precision_than_was_asked_for()
    {
        Assert.Equal(["cuda:0"], Names(Find("auto", cuda: 1, precision: "bf16")));
        Assert.Equal(["cpu"], Names(Find("auto", cuda: 0, precision: "fp32")));
        Assert.Equal("cpu (a double), chosen by auto: there is no driver", Find("auto", cuda: 0, precision: "bf16").Choice);
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp16")]
    public void Where_neither_GPU_nor_CPU_compute_in_a_precision_auto_says_what_both_lack(string precision) => Assert.Equal(
        "there is no GPU to compute in 16 bits (there is no driver), and the CPU has no such instructions.",
        Assert.Throws<DeviceException>(() => Find("auto", cuda: 0, precision: precision, lack: "the CPU has no such instructions.")).Message);

    [Fact]
    public void A_CPU_that_does_not_compute_in_a_precision_is_refused_with_what_it_lacks_and_one_that_does_tells_its_warning()
    {
        Assert.Equal("no such instructions.", Assert.Throws<DeviceException>(() => Find("cpu", cuda: 1, precision: "bf16", lack: "no such instructions.")).Message);
        Assert.Equal(["a warning."], Find("cpu", cuda: 1, precision: "bf16").Warnings);
        Assert.Empty(Find("cpu", cuda: 1).Warnings);
    }

    [Fact]
    public void A_device_that_is_named_is_taken_or_refused_and_never_replaced()
    {
        Assert.Equal(["cpu"], Names(Find("cpu", cuda: 1)));
        Assert.Equal(["cuda:1"], Names(Find("cuda:1", cuda: 2)));
        Assert.Equal(["torch-cpu"], Names(Find("torch-cpu", cuda: 0)));
        Assert.Contains("cuda:1: the driver is too old", Assert.Throws<DeviceException>(() => Find("cuda:1", cuda: 2, broken: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_devices_come_in_the_order_in_which_they_are_named()
    {
        var devices = Find(null, cuda: 4, devices: "2,0");
        Assert.Equal(["cuda:2", "cuda:0"], Names(devices));
        Assert.Equal("cuda:2 (a GPU); cuda:0 (a GPU)", devices.Choice);
        Assert.Throws<DeviceException>(() => Find(null, cuda: 4, broken: 0, devices: "2,0"));
    }

    [Fact]
    public void A_machine_without_a_GPU_says_so_without_reading_anything_of_libtorch()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "This machine has a driver.");
        Assert.Equal("cpu (the managed engine), chosen by auto: there is no NVIDIA driver", EngineDevices.Find(Request("auto")).Choice);
        Assert.DoesNotContain("TorchSharp", AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name));
        var error = Assert.Throws<DeviceException>(() => EngineDevices.Find(Request("cuda:1")));
        Assert.StartsWith("cuda:1: there is no NVIDIA driver on this machine (libcuda.so.1 is not found); install the driver", error.Message, StringComparison.Ordinal);
    }

    private static EngineDevices Find(string? device, int cuda, int? broken = null, string? precision = null, string? devices = null, string? lack = null) =>
        EngineDevices.Find(Request(device, precision, devices), new Torch(cuda, broken), asked =>
            asked is null or EnginePrecision.Float32 ? new ManagedDevice(asked) : lack is null ? new Device("cpu") { Description = "a double", Warning = "a warning." } : throw new DeviceException(lack));

    private static IEnumerable<string> Names(EngineDevices devices) => devices.All.Select(device => device.Name);

    private static DeviceRequest Request(string? device, string? precision = null, string? devices = null)
    {
        Assert.True(DeviceRequest.TryParse(device, devices, precision, null, out var request, out _));
        return request;
    }

    /// <summary>A machine with so many GPUs, one of which may be broken.</summary>
    private sealed class Torch(int cuda, int? broken) : ITorchBackend
    {
        public int CountCuda(out string why)
        {
            why = cuda == 0 ? "there is no driver" : "";
            return cuda;
        }

        public IEngineDevice Cuda(int index, DeviceRequest request) => index == broken ? throw new DeviceException($"cuda:{index}: the driver is too old") : new Device($"cuda:{index}");

        public IEngineDevice Cpu(DeviceRequest request) => new Device("torch-cpu");
    }

    private sealed record Device(string Name) : IEngineDevice
    {
        public string Description { get; init; } = "a GPU";

        public string? Warning { get; init; }

        public EnginePrecision Precision => EnginePrecision.Float32;

        public bool PacksVision => false;

        public ISegmenter CreateSegmenter(ClipModel model) => throw new NotSupportedException();
    }
}
