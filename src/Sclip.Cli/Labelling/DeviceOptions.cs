using System.CommandLine;
using Sclip.Cli.Completion;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>The options that say what pictures are labelled on, the same for <c>label</c>, <c>demo</c> and <c>worker</c>.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string?> _device = new Option<string?>("--device")
    {
        HelpName = "DEVICE",
        Description = "What to compute on: auto (the first CUDA device that can be used, else cpu), cuda, cuda:N, cpu (the managed engine), torch-cpu.",
    }.WithValues(["auto", "cuda", "cpu", "torch-cpu"]);

    private readonly Option<string?> _devices = new("--devices")
    {
        Description = "Several CUDA devices instead, by their indices, such as 0,1.",
    };

    private readonly Option<string?> _precision = new Option<string?>("--precision")
    {
        Description = "Number format: auto, fp32, bf16, fp16 (auto: on a GPU bf16 where it has it, else fp16; on the CPU fp32, and bf16 only where it is asked for).",
    }.WithValues(["auto", "fp32", "bf16", "fp16"]);

    private readonly Option<string?> _batch = new("--batch")
    {
        Description = "Windows that share a forward pass; auto leaves it to the engine: 6 on the CPU, on a GPU by its memory.",
    };

    /// <summary>Says in the help what a device is for where kept features are labelled.</summary>
    public void DescribeKept() => _device.Description = "What to compute pictures on that have no usable features, and nothing else: cpu (the default), cuda, cuda:N, torch-cpu, auto.";

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_device, _devices, _precision, _batch])
            command.Add(option);
    }

    /// <exception cref="UserException">One of them is wrong, or they exclude each other.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="otherwise">The device where none is given; null is auto.</param>
    public DeviceRequest Read(ParseResult parsed, string? otherwise = null) =>
        DeviceRequest.TryParse(parsed.GetValue(_device) ?? (parsed.GetValue(_devices) is null ? otherwise : null), parsed.GetValue(_devices), parsed.GetValue(_precision), parsed.GetValue(_batch), out var request, out var refusal)
            ? request
            : throw new UserException($"--{refusal.Key.ToLowerInvariant()} {refusal.Problem}");

    /// <summary>Those that are given, as words of another command.</summary>
    public IEnumerable<string> Words(ParseResult parsed) =>
        ((Option<string?>[])[_device, _devices, _precision, _batch]).Where(option => parsed.GetValue(option) is not null).SelectMany(option => (string[])[option.Name, parsed.GetValue(option)!]);

    /// <summary>Those that are given, as settings of a worker.</summary>
    public IEnumerable<string> Settings(ParseResult parsed)
    {
        foreach (var (key, option) in new[]
        {
            (nameof(WorkerOptions.Device), _device), (nameof(WorkerOptions.Devices), _devices), (nameof(WorkerOptions.Precision), _precision), (nameof(WorkerOptions.Batch), _batch),
        })
            if (parsed.GetValue(option) is { } value)
                yield return $"--{WorkerOptions.Section}:{key}={value}";
    }
}
