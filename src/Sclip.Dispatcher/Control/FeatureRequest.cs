using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>Completes a request that labels a job's kept features with what those depend on: images, model, method and windows are that job's.</summary>
internal static class FeatureRequest
{
    /// <exception cref="JobRequestException">There is no such job, it keeps no features or has not kept all yet, or the request wants something else than they are of.</exception>
    public static async Task<JobRequest> CompleteAsync(JobBlobs jobs, JobRequest request, CancellationToken cancellationToken)
    {
        var job = await FindAsync(jobs, request.FeaturesOf!, cancellationToken);
        if (job.Settings.KeepFeatures is null)
            throw Refused(job.FeaturesOf is { } other
                ? $"Job {job.Id} labels the features of job {other}, and keeps none itself. Label those: features_of (--features-of) {other}."
                : $"Job {job.Id} keeps no features. Submit one over its images that does, by keep_features (--keep-features fp16 or int8), and label that one's.");
        // A job that named none was labelled by its model's own, which is sclip but for models of other kinds.
        var method = job.Settings.GivenMethod ?? (request.Settings.GivenMethod is { } asked && DenseMethodNames.OfModels.Contains(asked) ? asked : job.Settings.Method);
        if (SettingsDifferences.OfGiven(Describe(Place(job.Input), null, job.Model, job.Settings with { GivenMethod = method }), Asked(request)) is { Length: > 0 } differences)
            throw Refused($"The features of job {job.Id} are not those that are asked for: {string.Join("; ", differences.Select(Told))}. Leave out what differs: it is taken from that job.");
        if (request.Settings.KeepFeatures is not null)
            throw Refused($"A job that labels the features of another keeps none: they are in job {job.Id} already. Leave keep_features (--keep-features) out.");
        if (!await jobs.Store.ExistsAsync(JobNames.Summary(job.Id), cancellationToken))
            throw new JobRequestException(JobRequestFault.Conflict, $"Job {job.Id} is not complete, and its features are not all there. Follow it to its end (sclip watch {job.Id}), or finish it (sclip retry {job.Id}), and submit this again.");
        return request with
        {
            Input = Place(job.Input),
            Model = job.Model,
            Settings = request.Settings with
            {
                GivenMethod = job.Settings.GivenMethod,
                Guide = job.Settings.Guide,
                ShortSide = job.Settings.ShortSide,
                Crop = job.Settings.Crop,
                Stride = job.Settings.Stride,
                PatchStride = job.Settings.PatchStride,
            },
        };
    }

    /// <summary>A difference in words: what that job did not set was the model's.</summary>
    private static string Told(string difference) =>
        ((string[])["short_side", "crop", "stride", "patch_stride"]).Select(key => $"{key}: not set there").FirstOrDefault(text => difference.StartsWith(text, StringComparison.Ordinal)) is { } unset
            ? $"{unset.Replace("not set", "the model's own", StringComparison.Ordinal)}{difference[unset.Length..]}"
            : difference;

    private static async Task<JobDocument> FindAsync(JobBlobs jobs, string id, CancellationToken cancellationToken)
    {
        if (!JobNames.IsId(id))
            throw Refused($"'{JobNames.Shown(id)}' is no job id: 1 to 63 of a-z, 0-9 and '-'.");
        if (JobNames.IsPreview(id))
            throw Refused($"{id} is a preview, which is deleted after a day: its features cannot be labelled.");
        return await jobs.ReadJobAsync(id, cancellationToken) ?? throw new JobRequestException(JobRequestFault.NotFound, $"There is no job {id}, whose features are to be labelled.");
    }

    /// <summary>What the request says of it.</summary>
    private static JsonObject Asked(JobRequest request) =>
        Describe(request.Input is { } given && !given.Contains('/', StringComparison.Ordinal) ? $"{given}/" : request.Input, request.Images, request.Model, request.Settings);

    private static JsonObject Describe(string? input, IReadOnlyList<string>? images, string? model, JobSettings settings) => new()
    {
        ["input"] = input,
        ["images"] = images is null ? null : new JsonArray([.. images.Select(name => JsonValue.Create(name))]),
        ["model"] = model,
        ["method"] = settings.GivenMethod,
        ["guide"] = settings.Guide,
        ["short_side"] = settings.ShortSide,
        ["crop"] = settings.Crop,
        ["stride"] = settings.Stride,
        ["patch_stride"] = settings.PatchStride,
    };

    private static string Place(JobInput input) => $"{input.Container}/{input.Prefix}";

    private static JobRequestException Refused(string message) => new(JobRequestFault.Invalid, message);
}
