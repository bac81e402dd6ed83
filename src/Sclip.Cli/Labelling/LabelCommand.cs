using System.CommandLine;
using System.Globalization;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Cli.Labelling;

/// <summary><c>sclip label</c>: its options.</summary>
internal static class LabelCommand
{
    private const string DefaultModel = "openai/clip-vit-base-patch16";

    public static Command Create(CliContext context)
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = "Pictures (JPEG, PNG, WebP), folders of them, or globs such as 'photos/**/*.jpg'.",
            Arity = ArgumentArity.OneOrMore,
        };
        var labels = new Option<string>("--labels")
        {
            Description = "Class names: a text file (a class a line, synonyms behind \", \"), a JSON file, or \"cat, dog, …\".",
            Required = true,
        };
        var model = new Option<string>("--model")
        {
            Description = "A model directory or id (default: SCLIP_MODEL, else " + DefaultModel + ").",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SCLIP_MODEL") ?? DefaultModel,
        };
        var method = new Option<string>("--method")
        {
            Description = $"Dense method: {string.Join(", ", DenseMethods.Names)}.",
            DefaultValueFactory = _ => "sclip",
        };
        var output = new Option<string>("--out")
        {
            Description = "Where masks, overlays, scores and results.jsonl go.",
            DefaultValueFactory = _ => "sclip-out",
        };
        var templates = new Option<string?>("--templates")
        {
            Description = "Prompt templates, one a line or a JSON array, {} for the name (default: the model's, else the 80 of ImageNet).",
        };
        var shortSide = new Option<int?>("--short-side")
        {
            Description = "Resize the short side to so many pixels; 0 leaves pictures as they are (default: the model's, else 336).",
        };
        var crop = new Option<int?>("--crop")
        {
            Description = "Side of a window in pixels; 0 takes the whole picture (default: the model's, else 224).",
        };
        var stride = new Option<int?>("--stride")
        {
            Description = "Step between windows in pixels (default: the model's, else 112).",
        };
        var logitScale = new Option<double?>("--logit-scale")
        {
            Description = "Factor of the cosines before the softmax (default: the model's, else 40).",
        };
        var probability = new Option<double>("--prob-threshold")
        {
            Description = "Pixels whose best score is below this become background (the first class, or the one marked so).",
        };
        var area = new Option<double?>("--area-threshold")
        {
            Description = "Classes with no larger share of the foreground than this are dropped.",
        };
        var pamr = new Option<bool>("--pamr")
        {
            Description = "Refine edges by pixel-adaptive mask refinement (slow).",
        };
        var pamrSteps = new Option<int>("--pamr-steps")
        {
            Description = "Steps of PAMR.",
            DefaultValueFactory = _ => 10,
        };
        var pamrDilations = new Option<string>("--pamr-dilations")
        {
            Description = "Dilations of PAMR in pixels.",
            DefaultValueFactory = _ => "8,16",
        };
        var overlay = new Option<bool>("--overlay")
        {
            Description = "Also write the picture with translucent classes and a legend.",
        };
        var scores = new Option<bool>("--scores")
        {
            Description = "Also write class scores as float16 arrays [classes, height, width] (.npy).",
        };
        var batch = new Option<int>("--batch")
        {
            Description = "Windows that share a forward pass.",
            DefaultValueFactory = _ => 6,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads that compute; results do not depend on it.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var maxPixels = new Option<long>("--max-pixels")
        {
            Description = "Refuse pictures of more pixels.",
            DefaultValueFactory = _ => ImageLimits.Default.MaxPixels,
        };
        var maxFileSize = new Option<long>("--max-file-size")
        {
            Description = "Refuse files of more bytes.",
            DefaultValueFactory = _ => ImageLimits.Default.MaxFileBytes,
        };
        var force = new Option<bool>("--force")
        {
            Description = "Label again what is labelled already, also with other settings.",
        };

        var command = new Command("label", "Label pictures: one mask a picture. Run again, it goes on where it was interrupted.")
        {
            inputs, labels, model, method, output, templates, shortSide, crop, stride, logitScale, probability, area, pamr, pamrSteps, pamrDilations,
            overlay, scores, batch, threads, maxPixels, maxFileSize, force,
        };
        command.SetAction((parsed, _) => new LabelRun(context).RunAsync(new LabelArguments
        {
            Inputs = parsed.GetRequiredValue(inputs),
            Labels = parsed.GetRequiredValue(labels),
            Model = parsed.GetRequiredValue(model),
            Output = parsed.GetRequiredValue(output),
            Method = parsed.GetRequiredValue(method),
            Templates = parsed.GetValue(templates),
            ShortSide = AtLeast("--short-side", parsed.GetValue(shortSide), 0),
            Crop = parsed.GetValue(crop),
            Stride = parsed.GetValue(stride),
            LogitScale = parsed.GetValue(logitScale),
            ProbabilityThreshold = parsed.GetValue(probability),
            AreaThreshold = parsed.GetValue(area),
            PamrSteps = parsed.GetValue(pamr) ? (int)AtLeast("--pamr-steps", parsed.GetValue(pamrSteps), 1)! : 0,
            PamrDilations = ParseDilations(parsed.GetRequiredValue(pamrDilations)),
            Overlay = parsed.GetValue(overlay),
            Scores = parsed.GetValue(scores),
            Batch = parsed.GetValue(batch),
            Threads = (int)AtLeast("--threads", parsed.GetValue(threads), 1)!,
            Limits = new ImageLimits { MaxPixels = parsed.GetValue(maxPixels), MaxFileBytes = parsed.GetValue(maxFileSize) },
            Force = parsed.GetValue(force),
        }));
        return command;
    }

    private static int? AtLeast(string option, int? value, int least) =>
        value is null || value >= least ? value : throw new UserException($"{option} must be at least {least}; it is {value}.");

    private static int[] ParseDilations(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var dilation)
            ? dilation
            : throw new UserException($"--pamr-dilations must be numbers with commas between, such as 8,16; it is '{text}'."))];
}
