using System.CommandLine;
using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Segmentation;

namespace Sclip.Cli.Labelling;

/// <summary>The options that say how pictures are labelled, the same for <c>label</c> and <c>submit</c>.</summary>
/// <param name="modelIs">What names a model.</param>
internal sealed class SettingsOptions(string modelIs)
{
    public const string DefaultModel = "openai/clip-vit-base-patch16";

    private readonly Option<string> _method = new("--method")
    {
        Description = $"Dense method: {string.Join(", ", DenseMethods.Names)}.",
        DefaultValueFactory = _ => "sclip",
    };

    private readonly Option<string?> _templates = new("--templates")
    {
        Description = "Prompt templates, one a line or a JSON array, {} for the name (default: the model's, else the 80 of ImageNet).",
    };

    private readonly Option<int?> _shortSide = new("--short-side")
    {
        Description = "Resize the short side to so many pixels; 0 leaves pictures as they are (default: the model's, else 336).",
    };

    private readonly Option<int?> _crop = new("--crop")
    {
        Description = "Side of a window in pixels; 0 takes the whole picture (default: the model's, else 224).",
    };

    private readonly Option<int?> _stride = new("--stride")
    {
        Description = "Step between windows in pixels (default: the model's, else 112).",
    };

    private readonly Option<double?> _logitScale = new("--logit-scale")
    {
        Description = "Factor of the cosines before the softmax (default: the model's, else 40).",
    };

    private readonly Option<double> _probability = new("--prob-threshold")
    {
        Description = "Pixels whose best score is below this become background (the first class, or the one marked so).",
    };

    private readonly Option<double?> _area = new("--area-threshold")
    {
        Description = "Classes with no larger share of the foreground than this are dropped.",
    };

    private readonly Option<bool> _pamr = new("--pamr")
    {
        Description = "Refine edges by pixel-adaptive mask refinement (slow).",
    };

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

    public Option<string> Labels { get; } = new("--labels")
    {
        Description = "Class names: a text file (a class a line, synonyms behind \", \"), a JSON file, or \"cat, dog, …\".",
        Required = true,
    };

    public Option<string> Model { get; } = new("--model")
    {
        Description = $"{modelIs} (default: SCLIP_MODEL, else {DefaultModel}).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SCLIP_MODEL") ?? DefaultModel,
    };

    public void AddTo(Command command)
    {
        AddWithoutMethodTo(command);
        foreach (var option in (Option[])[_method, _pamr, _pamrSteps, _pamrDilations])
            command.Add(option);
    }

    /// <summary>Adds what holds for any method, up to the labels that PAMR would refine.</summary>
    public void AddWithoutMethodTo(Command command)
    {
        foreach (var option in (Option[])[Labels, Model, _templates, _shortSide, _crop, _stride, _logitScale, _probability, _area])
            command.Add(option);
    }

    public JobSettings Read(ParseResult parsed, bool overlay, bool scores) => ReadWithoutMethod(parsed) with
    {
        Method = parsed.GetRequiredValue(_method),
        PamrSteps = parsed.GetValue(_pamr) ? (int)AtLeast("--pamr-steps", parsed.GetValue(_pamrSteps), 1)! : 0,
        PamrDilations = ParseDilations(parsed.GetRequiredValue(_pamrDilations)),
        Overlay = overlay,
        Scores = scores,
    };

    public JobSettings ReadWithoutMethod(ParseResult parsed) => new()
    {
        Templates = parsed.GetValue(_templates) is { } file ? PromptTemplates.Load(file).Texts : null,
        ShortSide = AtLeast("--short-side", parsed.GetValue(_shortSide), 0),
        Crop = parsed.GetValue(_crop),
        Stride = parsed.GetValue(_stride),
        LogitScale = parsed.GetValue(_logitScale),
        ProbabilityThreshold = parsed.GetValue(_probability),
        AreaThreshold = parsed.GetValue(_area),
    };

    public static int? AtLeast(string option, int? value, int least) =>
        value is null || value >= least ? value : throw new UserException($"{option} must be at least {least}; it is {value}.");

    private static int[] ParseDilations(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var dilation)
            ? dilation
            : throw new UserException($"--pamr-dilations must be numbers with commas between, such as 8,16; it is '{text}'."))];
}
