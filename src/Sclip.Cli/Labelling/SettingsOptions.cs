using System.CommandLine;
using Sclip.Cli.Completion;
using Sclip.Cli.Models;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Presets;
using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>The options that say how pictures are labelled, the same for <c>label</c>, <c>relabel</c> and <c>submit</c>.</summary>
/// <param name="modelIs">What names a model.</param>
internal sealed class SettingsOptions(string modelIs)
{
    public const string DefaultModel = "openai/clip-vit-base-patch16";

    /// <summary>What names a model where it is used on this machine.</summary>
    public const string ModelHere = "A model id, organisation/name, found as workers find it (below SCLIP_WORKER__MODELFOLDER, then in the cache), or a directory";

    /// <summary>The model that is taken where none is named.</summary>
    public static string UsualModel => Environment.GetEnvironmentVariable("SCLIP_MODEL") ?? DefaultModel;

    private readonly Option<string> _method = new Option<string>("--method")
    {
        HelpName = "METHOD",
        Description = $"Dense method: {string.Join(", ", DenseMethodNames.All)} (sclip-random:N:SEED draws other projections). Models of other kinds than CLIP bring their own, which is the default there.",
        DefaultValueFactory = _ => "sclip",
    }.WithValues(DenseMethodNames.All);

    private readonly Option<bool> _pamr = new("--pamr")
    {
        Description = "Refine edges by pixel-adaptive mask refinement (slow).",
    };

    private readonly Option<string?> _preset = new Option<string?>("--preset")
    {
        HelpName = "PRESET",
        Description = $"A benchmark's class names and settings, which the other options override: {string.Join(", ", BenchmarkPresets.All.Select(preset => preset.Name))}.",
    }.WithValues(BenchmarkPresets.All.Select(preset => preset.Name));

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = $"The classes: {GivenLabels.Forms} (default: the preset's).",
    };

    private readonly Option<string?> _keepFeatures = new Option<string?>("--keep-features")
    {
        Description = $"Also keep each picture's features, by which `sclip relabel` and `sclip submit --features-of` label it by other names without a forward pass: {string.Join(" or ", SettingRanges.FeatureEncodings)}.",
    }.WithValues(SettingRanges.FeatureEncodings);

    private readonly TuningOptions _tuning = new();

    private readonly Option<string?> _guide = CreateGuide();

    public Option<string> Model { get; } = new("--model")
    {
        Description = $"{modelIs} (default: SCLIP_MODEL, else {DefaultModel}).",
        DefaultValueFactory = _ => UsualModel,
    };

    /// <summary>The option that names a guide.</summary>
    public static Option<string?> CreateGuide() => new("--guide")
    {
        Description = "The guide of proxyclip and lposs: a vision transformer trained on pictures alone, such as facebook/dino-vitb8, named as a model is.",
    };

    public void AddTo(Command command)
    {
        AddWithoutPamrTo(command);
        command.Add(_pamr);
        _tuning.AddRefinementTo(command);
    }

    /// <summary>Says in the help that what features depend on is taken from where they were kept; the model's own text is the command's.</summary>
    public void DescribeKept(string folder)
    {
        var taken = $"{folder}'s is taken, and another is refused, also a preset's.";
        _guide.Description = $"Where the guide lies that {folder} was labelled by, where its method has one, a directory or id (default: where it lay then).";
        (_method.Description, _method.DefaultValueFactory) = ($"Dense method: {folder}'s is taken, and another is refused.", null);
        _tuning.DescribeKept(taken);
    }

    /// <summary>Adds how features are kept.</summary>
    public void AddKeepingTo(Command command) => command.Add(_keepFeatures);

    /// <summary>How features are kept; null where they are not.</summary>
    /// <exception cref="UserException">There is no such way.</exception>
    public string? ReadKeeping(ParseResult parsed) =>
        parsed.GetValue(_keepFeatures) is var encoding && SettingRanges.KeepFeatures(encoding) is { } refusal ? throw new UserException($"--keep-features: {refusal}") : encoding;

    /// <summary>The model where it was given; null where the default stands for it.</summary>
    public string? GivenModel(ParseResult parsed) => parsed.GetResult(Model) is { Implicit: false } ? parsed.GetValue(Model) : null;

    /// <summary>Adds what holds for any method, up to the labels that PAMR would refine.</summary>
    public void AddWithoutMethodTo(Command command)
    {
        foreach (var option in (Option[])[_labels, _preset, Model, _guide])
            command.Add(option);
        _tuning.AddTo(command);
    }

    /// <summary>Adds what masks depend on that are not refined.</summary>
    public void AddWithoutPamrTo(Command command)
    {
        AddWithoutMethodTo(command);
        command.Add(_method);
    }

    /// <exception cref="UserException">There are neither labels nor a preset.</exception>
    public LabelSet ReadLabels(CliContext context, ParseResult parsed) =>
        ReadLabelsIfGiven(context, parsed) ?? throw new UserException("--labels is missing: give class names, or a benchmark's by --preset.");

    /// <summary>The classes; null where there are neither labels nor a preset.</summary>
    public LabelSet? ReadLabelsIfGiven(CliContext context, ParseResult parsed) => parsed.GetValue(_labels) is { } labels ? GivenLabels.Read(context, labels) : Preset(parsed)?.Labels;

    /// <summary>What <c>--labels</c> was given; null where it was not.</summary>
    public string? GivenLabelsText(ParseResult parsed) => parsed.GetValue(_labels);

    /// <summary>The guide; null where none is given.</summary>
    public string? GivenGuide(ParseResult parsed) => parsed.GetValue(_guide);

    /// <summary>The file of prompt templates; null where none is given.</summary>
    public string? GivenTemplates(ParseResult parsed) => _tuning.GivenTemplates(parsed);

    public JobSettings Read(ParseResult parsed, bool overlay, bool scores, bool doubt)
    {
        _tuning.RequireRefinement(parsed, parsed.GetValue(_pamr));
        return _tuning.Read(parsed, PresetSettings(parsed), GivenMethod(parsed), parsed.GetValue(_pamr)) with { Overlay = overlay, Scores = scores, Doubt = doubt };
    }

    public JobSettings ReadWithoutPamr(ParseResult parsed) => ReadWithoutMethod(parsed) with { Method = GivenMethod(parsed)! };

    public JobSettings ReadWithoutMethod(ParseResult parsed) => _tuning.ReadWithoutRefinement(parsed, PresetSettings(parsed));

    /// <exception cref="UserException">Thresholds need a background, and none of the classes is it.</exception>
    public static void RequireBackground(LabelSet labels, JobSettings settings)
    {
        if (SettingRanges.Background(settings.ProbabilityThreshold, settings.AreaThreshold, labels.BackgroundClass is not null) is { } refusal)
            throw new UserException(refusal);
    }

    public static int? AtLeast(string option, int? value, int least) =>
        value is null || value >= least ? value : throw new UserException($"{option} must be at least {least}; it is {value}.");

    /// <summary>Whether it was given matters where kept features have a method already.</summary>
    private string? GivenMethod(ParseResult parsed) => parsed.GetResult(_method) is { Implicit: false } ? parsed.GetRequiredValue(_method) : null;

    /// <summary>The preset's settings for the method that will run: where none is given, a model that is on this machine may bring its own.</summary>
    private JobSettings? PresetSettings(ParseResult parsed) => Preset(parsed)?.SettingsFor(GivenMethod(parsed) ?? (parsed.GetResult(Model) is null ? null : OwnMethods.Of(parsed.GetRequiredValue(Model))));

    private BenchmarkPreset? Preset(ParseResult parsed) => parsed.GetValue(_preset) is { } name ? BenchmarkPresets.Find(name) : null;
}
