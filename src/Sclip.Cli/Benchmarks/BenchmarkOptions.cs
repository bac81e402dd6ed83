using System.CommandLine;
using Sclip.Cli.Evaluating;
using Sclip.Cli.Labelling;
using Sclip.Cli.Models;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Datasets;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Presets;
using Sclip.Labels;

namespace Sclip.Cli.Benchmarks;

/// <summary>The options that <c>benchmark</c> and <c>ablate</c> have in common.</summary>
/// <param name="folder">Where results go by default, in a folder of the benchmark's name.</param>
internal sealed class BenchmarkOptions(string folder)
{
    // A confusion matrix has classes x classes numbers, for each method.
    private const int MostClasses = 4096;

    private readonly Argument<string?> _preset = new("PRESET")
    {
        Description = $"The benchmark: {string.Join(", ", BenchmarkPresets.All.Select(preset => preset.Name))}. Without it, give --images, --ground-truth and --labels.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _data = new("--data") { Description = "The benchmark's data set, as it is unpacked: its root, or the folder that holds it." };

    private readonly Option<string?> _images = new("--images") { Description = "Pictures of one's own instead: a folder, taken with all below." };

    private readonly Option<string?> _groundTruth = new("--ground-truth") { Description = "Their ground truth: a folder of PNGs of the same names, whose values are class indices." };

    private readonly Option<string?> _labels = new("--labels") { Description = "Their class names, as for `sclip label` (default: the benchmark's)." };

    private readonly Option<string> _ignore = new("--ignore") { Description = "The value of their pixels that do not count; none where all count.", DefaultValueFactory = _ => "255" };

    private readonly Option<string?> _ids = new("--ids") { Description = "Values in their ground truth and what is read for them, such as 255=1,128=2; before --ignore and --reduce-zero-label." };

    private readonly Option<bool> _reduceZero = new("--reduce-zero-label") { Description = "In their ground truth, 0 does not count, and classes begin at 1." };

    private readonly Option<string> _model = new("--model")
    {
        Description = $"{SettingsOptions.ModelHere} (default: SCLIP_MODEL, else {SettingsOptions.DefaultModel}).",
        DefaultValueFactory = _ => SettingsOptions.UsualModel,
    };

    private readonly Option<string?> _guide = SettingsOptions.CreateGuide();

    private readonly Option<int?> _limit = new("--limit") { Description = "Take the first so many pictures alone; run again without it, the rest follows." };

    private readonly Option<string?> _output = new("--out") { Description = $"Where benchmark.json is kept (default: {folder}/PRESET)." };

    private readonly Option<bool> _force = new("--force") { Description = "Start over, whatever is kept there." };

    private readonly Option<int> _threads = new("--threads") { Description = "Threads that compute; results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };

    private readonly TuningOptions _tuning = new();
    private readonly DeviceOptions _device = new();

    public void AddTo(Command command)
    {
        command.Add(_preset);
        foreach (var option in (Option[])[_data, _images, _groundTruth, _labels, _ids, _ignore, _reduceZero, _model, _guide, _limit, _output, _force, _threads])
            command.Add(option);
        _tuning.AddTo(command);
        _device.AddTo(command);
    }

    /// <summary>Adds the options of PAMR.</summary>
    public void AddRefinementTo(Command command) => _tuning.AddRefinementTo(command);

    /// <inheritdoc cref="TuningOptions.RequireRefinement" />
    public void RequireRefinement(ParseResult parsed, bool pamr) => _tuning.RequireRefinement(parsed, pamr);

    /// <summary>The method that the model brings along, where it is on this machine and no CLIP; else null.</summary>
    public string? OwnMethod(ParseResult parsed) => OwnMethods.Of(parsed.GetRequiredValue(_model));

    /// <summary>The settings of a configuration.</summary>
    public JobSettings Tune(ParseResult parsed, string method) => _tuning.ReadWithoutRefinement(parsed, Preset(parsed)?.SettingsFor(method)) with { Method = method };

    /// <summary>The settings of a configuration that PAMR refines.</summary>
    public JobSettings TuneRefined(ParseResult parsed, string method) => _tuning.Read(parsed, Preset(parsed)?.SettingsFor(method), method, pamr: true);

    /// <exception cref="UserException">What is given is not enough, or too much.</exception>
    public BenchmarkArguments Read(CliContext context, ParseResult parsed, IReadOnlyList<(string Name, JobSettings Settings)> configurations)
    {
        var preset = Preset(parsed);
        var labels = parsed.GetValue(_labels) is { } named ? GivenLabels.Read(context, named) : preset?.Labels ?? throw new UserException("Name a benchmark, or give --images, --ground-truth and --labels.");
        if (labels.Classes.Count > MostClasses)
            throw new UserException($"There are {labels.Classes.Count} classes; a benchmark may have {MostClasses}.");
        // Other names stand for the benchmark's classes, of which the same one is the background.
        if (preset is not null && labels.Classes.Count == preset.Labels.Classes.Count)
            labels = labels.WithBackgroundMarked(otherwise: preset.Labels.BackgroundClass);
        var reading = Reading(parsed, labels);
        var data = Data(parsed, preset, labels, reading);
        SettingsOptions.RequireBackground(labels, configurations[0].Settings);
        return new BenchmarkArguments
        {
            Preset = preset,
            Data = data,
            Reading = reading,
            Labels = labels,
            Configurations = configurations,
            Model = parsed.GetRequiredValue(_model),
            Guide = parsed.GetValue(_guide),
            Device = _device.Read(parsed),
            Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(_threads), 1)!,
            Limit = SettingsOptions.AtLeast("--limit", parsed.GetValue(_limit), 1),
            Output = parsed.GetValue(_output) ?? Path.Combine(folder, preset?.Name ?? "own"),
            Force = parsed.GetValue(_force),
        };
    }

    private BenchmarkPreset? Preset(ParseResult parsed) => parsed.GetValue(_preset) is { } name ? BenchmarkPresets.Find(name) : null;

    /// <exception cref="UserException">The benchmark's ground truth is taken, and what is for one's own is given.</exception>
    private EvaluationSettings? Reading(ParseResult parsed, LabelSet labels)
    {
        if (parsed.GetValue(_data) is null)
        {
            return new EvaluationSettings
            {
                Classes = labels.Classes,
                TruthIds = IdList.Parse("--ids", parsed.GetValue(_ids)),
                Ignore = IgnoreValue.Parse(parsed.GetRequiredValue(_ignore)),
                ReduceZeroLabel = parsed.GetValue(_reduceZero),
            };
        }
        return ((Option[])[_ids, _ignore, _reduceZero]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } own
            ? throw new UserException($"{own.Name} is for ground truth of one's own (--ground-truth); that of --data is read as the benchmark has it.")
            : null;
    }

    private DataSet Data(ParseResult parsed, BenchmarkPreset? preset, LabelSet labels, EvaluationSettings? reading)
    {
        var (data, images, truth) = (parsed.GetValue(_data), parsed.GetValue(_images), parsed.GetValue(_groundTruth));
        if (data is not null && preset is null)
            throw new UserException("--data is a benchmark's: name the benchmark, or give --images and --ground-truth.");
        if (data is not null == (images is not null || truth is not null) || images is null != truth is null)
            throw new UserException("Give either --data, or --images and --ground-truth.");
        if (data is not null)
        {
            return labels.Classes.Count == preset!.Labels.Classes.Count
                ? DataSet.Open(preset.Layout, data)
                : throw new UserException($"--labels has {labels.Classes.Count} classes, the ground truth of {preset.Name} {preset.Labels.Classes.Count}: other names may stand for its classes, in their order.");
        }
        var table = reading!.ReduceZeroLabel ? LabelTable.WithoutZero(labels.Classes.Count, reading.Ignore) : LabelTable.Indices(labels.Classes.Count, reading.Ignore);
        return DataSet.OfFolders(images!, truth!, reading.TruthIds is { } ids ? table.Behind(ids) : table);
    }
}
