using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Jobs;

/// <summary>What labels all pictures of a job by other classes: by kept features where the job has them, else as that job did.</summary>
/// <param name="job">The job.</param>
/// <param name="images">The names of its pictures, where they were listed for it and are few.</param>
internal sealed class JobPlans(JobDocument job, IReadOnlyList<string>? images)
{
    private string? FeaturesOf => job.Settings.KeepFeatures is null ? job.FeaturesOf : job.Id;

    /// <summary>The plan of a label set.</summary>
    public SavePlan Plan(LabelSet labels, LiveSettings live)
    {
        var settings = Settings(live);
        return new SavePlan([Command(settings)], Request(labels, settings), Note());
    }

    private JobSettings Settings(LiveSettings live)
    {
        var settings = job.Settings with
        {
            KeepFeatures = null,
            ProbabilityThreshold = live.ProbabilityThreshold,
            AreaThreshold = live.AreaThreshold,
            LogitScale = live.LogitScale ?? job.Settings.LogitScale,
        };
        return FeaturesOf is null ? settings : settings with { Guide = null, ShortSide = null, Crop = null, Stride = null, PatchStride = null };
    }

    private JobRequest? Request(LabelSet labels, JobSettings settings) => FeaturesOf is null && job.Input.Listed && images is null ? null : new JobRequest
    {
        Name = job.Name,
        FeaturesOf = FeaturesOf,
        // With features, too, which are of these: a form that shows the request has them to show.
        Input = Place,
        Images = FeaturesOf is null ? images : null,
        Labels = labels.Classes,
        Model = job.Model,
        Settings = settings,
        ShardSize = job.ShardSize,
        Priority = job.Priority,
        Device = job.Device,
    };

    private string Place => $"{job.Input.Container}/{job.Input.Prefix}";

    private string Command(JobSettings settings)
    {
        var command = new List<string> { "sclip", "submit", "--labels", "labels.json" };
        if (FeaturesOf is { } other)
            command.AddRange(["--features-of", other]);
        else
            command.AddRange(["--input", job.Input.Listed ? $"{job.Input.Container}@images.txt" : Place, "--model", job.Model]);
        Add("--method", FeaturesOf is null ? settings.GivenMethod : null);
        Add("--guide", settings.Guide);
        Add("--templates", settings.Templates is null ? null : "templates.txt");
        Add("--short-side", settings.ShortSide);
        Add("--crop", settings.Crop);
        Add("--stride", settings.Stride);
        Add("--patch-stride", settings.PatchStride);
        Add("--logit-scale", settings.LogitScale);
        Add("--prob-threshold", settings.ProbabilityThreshold > 0 ? settings.ProbabilityThreshold : null);
        Add("--area-threshold", settings.AreaThreshold);
        if (settings.PamrSteps > 0)
            command.AddRange(["--pamr", "--pamr-steps", settings.PamrSteps.ToString(CultureInfo.InvariantCulture)]);
        Add("--pamr-dilations", settings is { PamrSteps: > 0, PamrDilations: { } dilations } ? string.Join(',', dilations) : null);
        Add("--formats", string.Join(',', Formats(settings)) is var formats && formats == "mask" ? null : formats);
        Add("--shard-size", job.ShardSize);
        Add("--priority", job.Priority > 0 ? job.Priority : null);
        Add("--on", job.Device);
        Add("--name", job.Name);
        return ShellWords.Of(command);

        void Add(string option, object? value)
        {
            if (value is not null)
                command.AddRange([option, Convert.ToString(value, CultureInfo.InvariantCulture)!]);
        }
    }

    private static IEnumerable<string> Formats(JobSettings settings) =>
        new[] { ("mask", true), ("overlay", settings.Overlay), ("scores", settings.Scores), ("doubt", settings.Doubt) }.Where(format => format.Item2).Select(format => format.Item1);

    private string Note() => string.Join(' ', Notes());

    private IEnumerable<string> Notes()
    {
        yield return FeaturesOf is { } other
            ? $"The features that job {other} kept are labelled, which takes a hundredth of its time; that job must be complete."
            : "The pictures are computed again; a job that keeps features (keep_features) is labelled again in a hundredth of the time.";
        if (job.Settings.PamrSteps > 0)
            yield return "The workbench shows masks without PAMR, which this refines them by, as the job did.";
        if (job.Settings.Templates is not null)
            yield return "For the command, write the job's prompt templates into templates.txt, one a line; the job request has them.";
        if (FeaturesOf is null && job.Input.Listed)
            yield return $"For the command, images.txt has the names of the job's pictures, a line each{(images is null ? $": they are too many for a request, and stand in {JobNames.InputList(job.Id)}" : "; the job request has them")}.";
    }
}
