using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using static Sclip.Dispatcher.JobRequestException;

namespace Sclip.Dispatcher.Control;

/// <summary>Holds a request to what a job may be, as far as that can be told without a look at the store.</summary>
internal static class JobRequestCheck
{
    private const int MostShardSize = 10_000;
    private const int MostNames = 20_000;
    private const int LongestName = 200;

    /// <summary>The job that a request describes; its id is empty yet.</summary>
    /// <param name="request">The request, with what it takes from another job.</param>
    /// <exception cref="JobRequestException">Something in it is missing, out of range, or contradicts something else.</exception>
    public static JobDocument Check(JobRequest request)
    {
        string[] missing = [.. request.Input is null ? ["'input'"] : (string[])[], .. request.Model is null ? ["'model'"] : (string[])[]];
        Require(missing.Length == 0, $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing.");
        Require(request.Id is null || JobNames.IsId(request.Id), $"'{JobNames.Shown(request.Id)}' is no job id: 1 to 63 of a-z, 0-9 and '-', a letter or digit first.");
        Require(request.Id is null || !JobNames.IsPreview(request.Id), $"The id '{request.Id}' is a preview's; choose one that does not begin with {JobNames.PreviewPrefix}.");
        Require(request.Name is null || (request.Name.Length <= LongestName && !request.Name.Any(char.IsControl)), $"The job's name must have at most {LongestName} characters, and no control characters.");
        Require(request.ShardSize is >= 1 and <= MostShardSize, $"The shard size must lie in 1..{MostShardSize} images; it is {request.ShardSize}.");
        CheckPriority(request.Priority);
        Require(request.Device is null || JobDevices.All.Contains(request.Device), $"'{JobNames.Shown(request.Device)}' is no device that a job may ask for; there are {string.Join(", ", JobDevices.All)}.");
        Refuse(ModelId.Refusal(request.Model!));
        var (container, prefix) = InputPlace.Split(request.Input!);
        try
        {
            var labels = LabelSet.Of(request.Labels);
            Require(labels.Classes.Sum(label => 1 + label.Synonyms.Count) <= MostNames, $"A job takes at most {MostNames} names; these labels have more.");
            CheckSettings(request.Settings, labels);
            return new JobDocument
            {
                Id = "",
                Name = request.Name,
                Created = DateTimeOffset.UtcNow,
                Input = new JobInput { Container = container, Prefix = prefix },
                Labels = Stored(labels, request.Settings),
                LabelNotes = NotedClasses.Of(request.Labels) is { Count: > 0 } notes ? notes : null,
                Model = request.Model!,
                Settings = request.Settings,
                FeaturesOf = request.FeaturesOf,
                ShardSize = request.ShardSize,
                Priority = request.Priority,
                Device = request.Device,
            };
        }
        catch (LabelSetException error)
        {
            throw new JobRequestException(JobRequestFault.Invalid, error.Message, error);
        }
    }

    /// <summary>Holds a priority to its range.</summary>
    /// <exception cref="JobRequestException">It is outside.</exception>
    public static void CheckPriority(int priority) => Require(priority is >= 0 and <= 9, $"The priority must lie in 0..9; it is {priority}.");

    /// <summary>The images of a request that lists them: their whole names in ordinal order, each once.</summary>
    /// <exception cref="JobRequestException">There are none, or one is no name or lies outside the input.</exception>
    public static string[] SortedNames(IReadOnlyList<string> names, JobInput input)
    {
        Require(names.Count > 0, "The list of images is empty.");
        var broken = names.Any(name => string.IsNullOrEmpty(name) || name.Contains('\n', StringComparison.Ordinal) || name.Contains('\r', StringComparison.Ordinal));
        Require(!broken, "The list of images holds an empty name, or one with a line end.");
        var foreign = names.FirstOrDefault(name => !name.StartsWith(input.Prefix, StringComparison.Ordinal));
        Require(foreign is null, $"The list names '{JobNames.Shown(foreign)}', which does not begin with '{JobNames.Shown(input.Prefix)}' as the input {input.Container}/{JobNames.Shown(input.Prefix)} has it. "
            + $"Names are whole, from the container on; with the input {input.Container} any may be listed.");
        return [.. names.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The classes as the job has them. Before there was a rule, thresholds fell back to the first class where none was marked: one that is the
    /// background by its name alone, and not the first, is marked, so that no worker can take a new job for one of those.
    /// </summary>
    private static IReadOnlyList<LabelClass> Stored(LabelSet labels, JobSettings settings) =>
        SettingRanges.NeedsBackground(settings.ProbabilityThreshold, settings.AreaThreshold) && labels.BackgroundClass > 0 ? labels.WithBackgroundMarked().Classes : labels.Classes;

    private static void CheckSettings(JobSettings settings, LabelSet labels)
    {
        Require(!DenseMethodNames.ReadsFile(settings.Method), "The method sclip-projection reads a file of the machine it runs on; jobs cannot use it.");
        if (settings.Templates is { } templates)
        {
            Require(templates.All(template => template is not null), "templates: an element is null; it must be a text.");
            PromptTemplates.Of(templates);
        }
        Refuse(settings.Guide is { } guide && ModelId.Refusal(guide, "facebook/dino-vitb8") is { } noGuide ? $"The guide {noGuide}" : null);
        var crop = settings.Crop ?? JobSettings.AuthorsCrop;
        Refuse(DenseMethodNames.Refusal(settings.Method)
            ?? DenseMethodNames.GuideRefusal([settings.Method], settings.Guide)
            ?? SettingRanges.KeepFeatures(settings.KeepFeatures)
            ?? SettingRanges.ShortSide(settings.ShortSide ?? 0)
            // The model may bring its own; what is not given is not checked against what is.
            ?? SettingRanges.Windows(crop, settings.Stride ?? Math.Max(1, Math.Min(JobSettings.AuthorsStride, crop)))
            ?? SettingRanges.WholePicture(settings.Method, crop)
            ?? SettingRanges.PatchStride(settings.PatchStride)
            ?? SettingRanges.LogitScale(settings.LogitScale ?? 1)
            ?? SettingRanges.ProbabilityThreshold(settings.ProbabilityThreshold)
            ?? SettingRanges.AreaThreshold(settings.AreaThreshold)
            ?? SettingRanges.Background(settings.ProbabilityThreshold, settings.AreaThreshold, labels.BackgroundClass is not null)
            ?? SettingRanges.Refinement(settings.PamrSteps, settings.PamrDilations ?? JobSettings.AuthorsDilations));
    }

    private static void Refuse(string? refusal) => Require(refusal is null, refusal!);
}
