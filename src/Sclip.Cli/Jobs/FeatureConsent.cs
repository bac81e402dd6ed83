using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Jobs;

/// <summary>Tells before a job is submitted what the features that it keeps will take, and asks where that is much.</summary>
/// <param name="context">Where it tells and asks.</param>
/// <param name="mostGigabytes">Above so many GB it asks.</param>
internal sealed class FeatureConsent(CliContext context, double mostGigabytes)
{
    /// <summary>Above so many GB it asks where nothing else is said.</summary>
    public const int UsualGigabytes = 100;

    private const double Gigabyte = 1e9;

    /// <summary>Stands in for a model that is not on this machine: the largest of OpenAI's.</summary>
    private static readonly (string Name, int Patch, int Dimension) Largest = ("ViT-L/14", 14, 768);

    // Of the guides that are named most, DINO's has the smallest.
    private const int SmallestPatchOfGuides = 8;

    /// <summary>Whether a job over so many images is to be submitted.</summary>
    /// <exception cref="UserException">It keeps more than is allowed, and there is nobody to ask.</exception>
    public async Task<bool> AskAsync(JobRequest request, long images)
    {
        var encoding = request.Settings.KeepFeatures!;
        var (estimate, basis) = EstimateOf(request.Model!, request.Settings, encoding);
        var bytes = estimate.OfUsual(images);
        var told = $"keeping features of {Counted.Of(images, "image")}: about {Figures.Bytes(bytes)} ({encoding}, estimated for pictures of 4:3{basis})";
        if (bytes <= mostGigabytes * Gigabyte)
        {
            await context.Error.WriteLineAsync(told);
            return true;
        }
        var limit = string.Create(CultureInfo.InvariantCulture, $"{mostGigabytes:0.######} GB");
        if (!context.Interactive || context.Input is null)
            throw new UserException(
                $"{told}, more than {limit}. Give --max-features-gb {Math.Ceiling(bytes / Gigabyte).ToString(CultureInfo.InvariantCulture)} to keep them all the same{(encoding == "fp16" ? ", --keep-features int8 for half of it" : "")}, or do without --keep-features.");
        await context.Error.WriteAsync($"{told}, more than {limit} (--max-features-gb). Submit? [y/N] ");
        return await context.Input.ReadLineAsync(context.Stop) is { } answer && answer.Trim() is "y" or "Y" or "yes";
    }

    private static (FeatureEstimate Estimate, string Basis) EstimateOf(string model, JobSettings settings, string encoding)
    {
        var (patch, dimension, defaults, basis) = (Largest.Patch, Largest.Dimension, new ModelDefaults(), $"; {model} is not on this machine, and taken for {Largest.Name}");
        try
        {
            var directory = ModelCache.OfUser().Resolve(model);
            var config = ClipConfig.Load(directory);
            (patch, dimension, defaults, basis) = (config.PatchSize, config.EmbeddingSize, ModelDefaults.Load(directory, config), "");
        }
        catch (Exception error) when (error is ModelHubException or ModelFormatException)
        {
            // Workers have it, or pull it; here it need not be.
        }
        var options = PipelineOptions.Of(settings, defaults, ImageLimits.Default, batch: null, threads: 1);
        var cut = DenseMethodNames.NeedsGuide(settings.Method) ? PatchCut.Whole(PatchOf(settings.Guide!)) : new PatchCut(patch, Math.Min(settings.PatchStride ?? patch, patch));
        return (new FeatureEstimate(cut, dimension, options.Segmentation, options.ShortSide, encoding), basis);
    }

    private static int PatchOf(string guide)
    {
        try
        {
            return GuideConfig.Load(ModelCache.OfUser().Resolve(guide)).PatchSize;
        }
        catch (Exception error) when (error is ModelHubException or ModelFormatException)
        {
            // As with the model.
            return SmallestPatchOfGuides;
        }
    }
}
