using Sclip.Segmentation;

using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class DeviceRequestTests
{
    [Theory]
    [InlineData(null, null, DeviceKind.Auto)]
    [InlineData("", " ", DeviceKind.Auto)]
    [InlineData("auto", null, DeviceKind.Auto)]
    [InlineData("cpu", null, DeviceKind.Cpu)]
    [InlineData("torch-cpu", null, DeviceKind.TorchCpu)]
    [InlineData("cuda", null, DeviceKind.Cuda, 0)]
    [InlineData("cuda:3", null, DeviceKind.Cuda, 3)]
    [InlineData(null, "2", DeviceKind.Cuda, 2)]
    [InlineData(null, "1, 0,7", DeviceKind.Cuda, 1, 0, 7)]
    public void Devices_are_asked_for_by_name_or_by_their_indices(string? device, string? devices, DeviceKind kind, params int[] indices)
    {
        var request = Parse(device, devices);
        Assert.Equal(kind, request.Kind);
        Assert.Equal(indices, request.Indices);
        Assert.Equal(devices is "2" or "1, 0,7" ? "Devices" : "Device", request.Key);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("auto", null)]
    [InlineData("fp32", EnginePrecision.Float32)]
    [InlineData("bf16", EnginePrecision.BFloat16)]
    [InlineData("fp16", EnginePrecision.Float16)]
    public void A_precision_is_named_or_left_to_the_device(string? text, EnginePrecision? expected)
    {
        var request = Parse(precision: text);
        Assert.Equal(expected, request.Precision);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("auto", null)]
    [InlineData("1", 1)]
    [InlineData("4096", 4096)]
    public void A_batch_is_a_number_or_left_to_the_engine(string? text, int? expected) => Assert.Equal(expected, Parse(batch: text).Batch);

    [Theory]
    [InlineData("gpu", null, null, null, "Device", "is gpu: it must be auto, cuda, cuda:N")]
    [InlineData("CPU", null, null, null, "Device", "is CPU")]
    [InlineData("cuda:", null, null, null, "Device", "is cuda:")]
    [InlineData("cuda:-1", null, null, null, "Device", "is cuda:-1")]
    [InlineData("cuda:x", null, null, null, "Device", "is cuda:x")]
    [InlineData("cuda:99999999999", null, null, null, "Device", "is cuda:99999999999")]
    [InlineData(null, "0,0", null, null, "Devices", "is 0,0: it must be indices of CUDA devices, each once")]
    [InlineData(null, "0,", null, null, "Devices", "is 0,")]
    [InlineData(null, "cuda:0", null, null, "Devices", "is cuda:0")]
    [InlineData("auto", "0", null, null, "Devices", "is 0 beside the device auto: give one of the two")]
    [InlineData("cuda", null, "int8", null, "Precision", "is int8: it must be auto, fp32, bf16 or fp16")]
    [InlineData("cpu", null, "fp16", null, "Precision", "is fp16: the device cpu computes in fp32 and bf16 alone")]
    [InlineData(null, null, null, "0", "Batch", "is 0: it must be auto or lie in 1..4096")]
    [InlineData(null, null, null, "4097", "Batch", "is 4097")]
    [InlineData(null, null, null, "-1", "Batch", "is -1")]
    [InlineData(null, null, null, "many", "Batch", "is many")]
    public void What_cannot_be_meant_is_refused_by_the_name_of_its_setting(string? device, string? devices, string? precision, string? batch, string key, string problem)
    {
        Assert.False(DeviceRequest.TryParse(device, devices, precision, batch, out _, out var refusal));
        Assert.Equal(key, refusal.Key);
        Assert.StartsWith(problem, refusal.Problem, StringComparison.Ordinal);
        Assert.Equal([refusal], new WorkerOptions { Device = device, Devices = devices, Precision = precision, Batch = batch }.Problems());
    }

    private static DeviceRequest Parse(string? device = null, string? devices = null, string? precision = null, string? batch = null)
    {
        Assert.True(DeviceRequest.TryParse(device, devices, precision, batch, out var request, out var refusal), refusal.Problem);
        return request;
    }
}
