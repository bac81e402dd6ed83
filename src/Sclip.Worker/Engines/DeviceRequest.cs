using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>What pictures are to be labelled on, and how: the settings Device, Devices, Precision and Batch, understood but not yet looked for.</summary>
public sealed record DeviceRequest
{
    private const int MostWindows = 4096;
    private const string Auto = "auto";

    /// <summary>The kind of device.</summary>
    public DeviceKind Kind { get; private init; }

    /// <summary>Indices of the CUDA devices, each once; empty for other kinds.</summary>
    public IReadOnlyList<int> Indices { get; private init; } = [];

    /// <summary>The number format; null leaves it to the device.</summary>
    public EnginePrecision? Precision { get; private init; }

    /// <summary>Windows that share a forward pass; null leaves it to the engine.</summary>
    public int? Batch { get; private init; }

    /// <summary>Which of the settings says what the device is: <c>Devices</c> or <c>Device</c>.</summary>
    public string Key { get; private init; } = nameof(WorkerOptions.Device);

    /// <summary>Understands the four settings; those that are null or empty are not given.</summary>
    /// <param name="device"><c>auto</c>, <c>cuda</c>, <c>cuda:N</c>, <c>cpu</c> or <c>torch-cpu</c>.</param>
    /// <param name="devices">Indices of CUDA devices with commas between, instead of a device.</param>
    /// <param name="precision"><c>auto</c>, <c>fp32</c>, <c>bf16</c> or <c>fp16</c>.</param>
    /// <param name="batch"><c>auto</c>, or windows that share a forward pass.</param>
    /// <param name="request">What they ask for.</param>
    /// <param name="refusal">The setting that is wrong, and the rest of a sentence about it.</param>
    public static bool TryParse(
        string? device, string? devices, string? precision, string? batch, [NotNullWhen(true)] out DeviceRequest? request, out (string Key, string Problem) refusal)
    {
        request = null;
        if (IsGiven(device) && IsGiven(devices))
            refusal = (nameof(WorkerOptions.Devices), $"is {devices} beside the device {device}: give one of the two.");
        else if ((IsGiven(devices) ? OfIndices(devices) : OfDevice(IsGiven(device) ? device : Auto)) is not { } found)
            refusal = IsGiven(devices)
                ? (nameof(WorkerOptions.Devices), $"is {devices}: it must be indices of CUDA devices, each once, with commas between, such as 0,1.")
                : (nameof(WorkerOptions.Device), $"is {device}: it must be auto, cuda, cuda:N (N is an index, from 0), cpu or torch-cpu.");
        else if (!TryParsePrecision(precision, out var format))
            refusal = (nameof(WorkerOptions.Precision), $"is {precision}: it must be auto, fp32, bf16 or fp16.");
        else if (found.Kind == DeviceKind.Cpu && format == EnginePrecision.Float16)
            refusal = (nameof(WorkerOptions.Precision), $"is {precision}: the device cpu computes in fp32 and bf16 alone.");
        else if (!TryParseBatch(batch, out var windows))
            refusal = (nameof(WorkerOptions.Batch), string.Create(CultureInfo.InvariantCulture, $"is {batch}: it must be auto or lie in 1..{MostWindows}."));
        else
            (request, refusal) = (found with { Precision = format, Batch = windows }, default);
        return request is not null;
    }

    private static DeviceRequest? OfDevice(string device) => device switch
    {
        Auto => new DeviceRequest(),
        "cpu" => new DeviceRequest { Kind = DeviceKind.Cpu },
        "torch-cpu" => new DeviceRequest { Kind = DeviceKind.TorchCpu },
        "cuda" => new DeviceRequest { Kind = DeviceKind.Cuda, Indices = [0] },
        _ when device.StartsWith("cuda:", StringComparison.Ordinal) && TryParseNumber(device["cuda:".Length..], out var index) =>
            new DeviceRequest { Kind = DeviceKind.Cuda, Indices = [index] },
        _ => null,
    };

    private static DeviceRequest? OfIndices(string devices)
    {
        var indices = new List<int>();
        foreach (var part in devices.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryParseNumber(part, out var index) || indices.Contains(index))
                return null;
            indices.Add(index);
        }
        return new DeviceRequest { Kind = DeviceKind.Cuda, Indices = indices, Key = nameof(WorkerOptions.Devices) };
    }

    private static bool TryParsePrecision(string? text, out EnginePrecision? precision)
    {
        precision = EnginePrecisions.Of(text);
        return precision is not null || !IsGiven(text) || text == Auto;
    }

    private static bool TryParseBatch(string? text, out int? batch)
    {
        batch = null;
        if (!IsGiven(text) || text == Auto)
            return true;
        if (!TryParseNumber(text, out var windows) || windows is < 1 or > MostWindows)
            return false;
        batch = windows;
        return true;
    }

    private static bool TryParseNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool IsGiven([NotNullWhen(true)] string? text) => !string.IsNullOrWhiteSpace(text);
}
