using System.CommandLine;
using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>The options that say how pictures are resized, cut, scored and refined: those of <see cref="SettingsOptions"/> that benchmarks have too.</summary>
internal sealed class TuningOptions
{
    private readonly Option<string?> _templates = new("--templates")
    {
        Description = "Prompt templates, one a line or an array in JSON or YAML, {} for the name (default: the model's, else the 80 of ImageNet).",
    };

    private readonly Option<int?> _shortSide = new("--short-side")
    {
        Description = $"Resize the short side to so many pixels, but no long side to more than {SettingRanges.MostLongSide}; 0 leaves pictures as they are (default: the preset's, the model's, else 336).",
    };

    private readonly Option<int?> _crop = new("--crop")
    {
        Description = "Side of a window in pixels; 0 takes the whole picture (default: the preset's, the model's, else 224).",
    };

    private readonly Option<int?> _stride = new("--stride")
    {
        Description = "Step between windows in pixels (default: the preset's, the model's, else 112).",
    };

    private readonly Option<int?> _patchStride = new("--patch-stride")
    {
        Description = "Step between patches in pixels, from 1 to the side of the model's patches: below it they overlap, for finer masks at a multiple of the time (default: that side).",
    };

    private readonly Option<double?> _logitScale = DecimalOption.Create(
        "--logit-scale",
        "Factor of the cosines before the softmax (default: the preset's, the model's, else 40).");

    private readonly Option<double?> _probability = DecimalOption.Create(
        "--prob-threshold",
        "Pixels whose best score is below this become background, the class marked or called so (default: the preset's, else 0, which is off).");

    private readonly Option<double?> _area = DecimalOption.Create(
        "--area-threshold",
        "Classes with no larger share than this of what is not background, the class marked or called so, are dropped (default: the preset's, else 0, which is off).");

    private readonly Option<int> _pamrSteps = new("--pamr-steps")
    {
        Description = "Steps of PAMR.",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> _pamrDilations = new("--pamr-dilations")
    {
        Description = "Dilations of PAMR in pixels.",
        DefaultValueFactory = _ => "8,16",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_templates, _shortSide, _crop, _stride, _patchStride, _logitScale, _probability, _area])
            command.Add(option);
    }

    /// <summary>The file of prompt templates; null where none is given.</summary>
    public string? GivenTemplates(ParseResult parsed) => parsed.GetValue(_templates);

    /// <summary>Says in the help that windows are those of kept features.</summary>
    public void DescribeKept(string taken) =>
        (_shortSide.Description, _crop.Description, _stride.Description, _patchStride.Description) =
        ($"Short side in pixels: {taken}", $"Side of a window in pixels: {taken}", $"Step between windows in pixels: {taken}", $"Step between patches in pixels: {taken}");

    /// <summary>Adds the options of PAMR.</summary>
    public void AddRefinementTo(Command command)
    {
        command.Add(_pamrSteps);
        command.Add(_pamrDilations);
    }

    /// <summary>Refuses options of PAMR where it is not asked for: they would do nothing.</summary>
    /// <exception cref="UserException">There are such.</exception>
    public void RequireRefinement(ParseResult parsed, bool pamr)
    {
        if (!pamr && ((Option[])[_pamrSteps, _pamrDilations]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone)
            throw new UserException($"{alone.Name} refines nothing without --pamr: give both, or leave it out.");
    }

    /// <summary>The settings: what is given, else the preset's, else left to the model.</summary>
    public JobSettings Read(ParseResult parsed, JobSettings? preset, string? method, bool pamr) => ReadWithoutRefinement(parsed, preset) with
    {
        Method = method!,
        PamrSteps = pamr ? (int)SettingsOptions.AtLeast("--pamr-steps", parsed.GetValue(_pamrSteps), 1)! : 0,
        PamrDilations = ParseDilations(parsed.GetRequiredValue(_pamrDilations)),
    };

    /// <summary>The same where the options of PAMR were not added.</summary>
    public JobSettings ReadWithoutRefinement(ParseResult parsed, JobSettings? preset) => new()
    {
        Templates = parsed.GetValue(_templates) is { } file ? PromptTemplates.Load(file).Texts : null,
        ShortSide = SettingsOptions.AtLeast("--short-side", parsed.GetValue(_shortSide), 0) ?? preset?.ShortSide,
        Crop = parsed.GetValue(_crop) ?? preset?.Crop,
        Stride = parsed.GetValue(_stride) ?? preset?.Stride,
        PatchStride = parsed.GetValue(_patchStride) is var step && SettingRanges.PatchStride(step) is { } refusal ? throw new UserException($"--patch-stride: {refusal}") : step,
        LogitScale = parsed.GetValue(_logitScale) ?? preset?.LogitScale,
        ProbabilityThreshold = parsed.GetValue(_probability) ?? preset?.ProbabilityThreshold ?? 0,
        AreaThreshold = parsed.GetValue(_area) ?? preset?.AreaThreshold,
    };

    private static int[] ParseDilations(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var dilation)
            ? dilation
            : throw new UserException($"--pamr-dilations must be numbers with commas between, such as 8,16; it is '{text}'."))];
}
