using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>Makes a job of a request: checks all that can be checked before a worker sees it, and writes it.</summary>
/// <param name="stores">The stores.</param>
/// <param name="account">Where containers are.</param>
/// <param name="images">Finds the job's images.</param>
public sealed class JobSubmission(JobStores stores, IBlobAccount account, JobImages images)
{
    private const int MostShardSize = 10_000;
    private const int MostNames = 20_000;
    private const int LongestName = 200;
    private const long LargestList = 1L << 30;
    private const int MostSamples = 1000;

    /// <summary>Writes the job, or finds the one that is there already.</summary>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="JobRequestException">The request is wrong, there are no images, or the id is another job's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, bool IsNew)> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var (job, names) = await NamedAsync(request, cancellationToken);
        return await WriteAsync(job, names, cancellationToken);
    }

    /// <summary>What <see cref="SubmitAsync"/> would write, without a write: it refuses the same.</summary>
    /// <returns>The job, the names of its images where they are a list, and whether it is there already.</returns>
    /// <exception cref="JobRequestException">The request is wrong, there are no images, or the id is another job's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, string[]? Names, bool IsThere)> TryAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var (job, names) = await NamedAsync(request, cancellationToken);
        RequireImagesOnly(job, names);
        job = job with { Input = job.Input with { Listed = names is not null } };
        var there = await FindAsync(job, cancellationToken);
        if (there is null)
            await RequireAnImageAsync(job, cancellationToken);
        if (names is not null && await stores.Jobs.Store.TryReadAsync(JobNames.InputList(job.Id), LargestList, cancellationToken) is { } list)
            RequireSameList(job, list.Bytes, names);
        return (there ?? job, names, there is not null);
    }

    private async Task<(JobDocument Job, string[]? Names)> NamedAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var job = Check(await WholeAsync(request, cancellationToken));
        var names = request.Images is null ? null : SortedNames(request.Images, job.Input);
        return (job with { Id = request.Id ?? $"{Slug($"{job.Input.Container}-{job.Input.Prefix}")}-{Digest(job, names ?? [], request.New)}" }, names);
    }

    /// <summary>Writes a preview: an urgent job over a few of the images that a request would label. The same request and sample is the same preview, while the images are the same.</summary>
    /// <param name="request">What is to be tried.</param>
    /// <param name="sample">Which images: 0 takes some, 1 others, and so on.</param>
    /// <param name="cancellationToken">Looked at between blobs.</param>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="JobRequestException">The request is wrong, or there are no images.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(JobDocument Job, bool IsNew)> PreviewAsync(JobRequest request, int sample, CancellationToken cancellationToken)
    {
        // An image a shard, so that as many workers as there are show something at once; and nobody labels the features of what is gone tomorrow.
        var job = Check(await WholeAsync(request with { Id = null, Name = "preview", Priority = 9, ShardSize = 1 }, cancellationToken));
        job = job with { Settings = job.Settings with { KeepFeatures = null } };
        Require(sample is >= 0 and <= MostSamples, $"The sample must lie in 0..{MostSamples}; it is {sample}.");
        var names = request.Images is null ? await SampledAsync(job, cancellationToken) : SortedNames(request.Images, job.Input);
        names = PreviewSample.Of(names, sample);
        var versions = await Task.WhenAll(names.Select(name => VersionAsync(job, name, cancellationToken)));
        return await WriteAsync(job with { Id = JobNames.PreviewPrefix + Digest(job, [.. names, .. versions], request.New) }, names, cancellationToken);
    }

    private async Task<(JobDocument Job, bool IsNew)> WriteAsync(JobDocument job, string[]? names, CancellationToken cancellationToken)
    {
        RequireImagesOnly(job, names);
        job = job with { Input = job.Input with { Listed = names is not null } };
        using var span = SclipTelemetry.Source.StartActivity("submit")?.SetTag("sclip.job", job.Id);
        job = job with { TraceParent = Activity.Current?.Id };
        if (await FindAsync(job, cancellationToken) is { } there)
        {
            await WriteListAsync(job, names, cancellationToken);
            return (there, false);
        }
        await account.CreateContainerAsync(stores.Container, cancellationToken);
        await RequireAnImageAsync(job, cancellationToken);
        await WriteListAsync(job, names, cancellationToken);
        if (await stores.Jobs.CreateJobAsync(job, cancellationToken))
            return (job, true);
        return (await FindAsync(job, cancellationToken) ?? job, false);
    }

    private void RequireImagesOnly(JobDocument job, string[]? names) =>
        Require(names is null || job.Input.Container != stores.Container || !names.Any(name => name.StartsWith(JobNames.Root, StringComparison.Ordinal)),
            $"The list names blobs below {JobNames.Root} in the container {stores.Container}: those are jobs and their outputs, no images.");

    private async Task<string[]> SampledAsync(JobDocument job, CancellationToken cancellationToken)
    {
        await RequireAnImageAsync(job, cancellationToken);
        return await images.StreamAsync(job, after: null, rest: null, cancellationToken).Take(PreviewSample.LookedAt).Select(image => image.Name).ToArrayAsync(cancellationToken);
    }

    /// <summary>The tag of an image; empty where there is none of that name.</summary>
    private async Task<string> VersionAsync(JobDocument job, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await stores.Images(job).FindAsync(name, cancellationToken))?.ETag ?? "";
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            return "";
        }
    }

    /// <summary>How many images a request would label.</summary>
    /// <exception cref="JobRequestException">The request is wrong.</exception>
    /// <exception cref="BlobStoreException">The images cannot be listed.</exception>
    public async Task<long> CountImagesAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var job = Check(await WholeAsync(request, cancellationToken));
        return request.Images is null ? await images.StreamAsync(job, after: null, rest: null, cancellationToken).LongCountAsync(cancellationToken) : SortedNames(request.Images, job.Input).Length;
    }

    /// <summary>The request with what it takes from the job whose features it labels.</summary>
    private Task<JobRequest> WholeAsync(JobRequest request, CancellationToken cancellationToken) =>
        request.FeaturesOf is null ? Task.FromResult(request) : FeatureRequest.CompleteAsync(stores.Jobs, request, cancellationToken);

    private static JobDocument Check(JobRequest request)
    {
        string[] missing = [.. request.Input is null ? ["'input'"] : (string[])[], .. request.Model is null ? ["'model'"] : (string[])[]];
        Require(missing.Length == 0, $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing.");
        Require(request.Id is null || JobNames.IsId(request.Id), $"'{JobNames.Shown(request.Id)}' is no job id: 1 to 63 of a-z, 0-9 and '-', a letter or digit first.");
        Require(request.Id is null || !JobNames.IsPreview(request.Id), $"The id '{request.Id}' is a preview's; choose one that does not begin with {JobNames.PreviewPrefix}.");
        Require(request.Name is null || (request.Name.Length <= LongestName && !request.Name.Any(char.IsControl)), $"The job's name must have at most {LongestName} characters, and no control characters.");
        Require(request.ShardSize is >= 1 and <= MostShardSize, $"The shard size must lie in 1..{MostShardSize} images; it is {request.ShardSize}.");
        CheckPriority(request.Priority);
        Require(request.Device is null || JobDevices.All.Contains(request.Device), $"'{JobNames.Shown(request.Device)}' is no device that a job may ask for; there are {string.Join(", ", JobDevices.All)}.");
        Require(IsModelId(request.Model!), $"'{JobNames.Shown(request.Model)}' is no model id; an id reads organisation/name, for example openai/clip-vit-base-patch16.");
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
        Require(settings.Guide is null || IsModelId(settings.Guide), $"The guide '{JobNames.Shown(settings.Guide)}' is no model id; an id reads organisation/name, for example facebook/dino-vitb8.");
        var crop = settings.Crop ?? JobSettings.AuthorsCrop;
        var refusal = DenseMethodNames.Refusal(settings.Method)
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
            ?? SettingRanges.Refinement(settings.PamrSteps, settings.PamrDilations ?? JobSettings.AuthorsDilations);
        Require(refusal is null, refusal!);
    }

    /// <summary>Holds a priority to its range.</summary>
    /// <exception cref="JobRequestException">It is outside.</exception>
    internal static void CheckPriority(int priority) => Require(priority is >= 0 and <= 9, $"The priority must lie in 0..9; it is {priority}.");

    private static bool IsModelId(string model) => model.Split('/') is [var organisation, var name] && IsPart(organisation) && IsPart(name);

    private static bool IsPart(string part) => part.Length is > 0 and <= 96 && part[0] != '.' && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private static string[] SortedNames(IReadOnlyList<string> names, JobInput input)
    {
        Require(names.Count > 0, "The list of images is empty.");
        var broken = names.Any(name => string.IsNullOrEmpty(name) || name.Contains('\n', StringComparison.Ordinal) || name.Contains('\r', StringComparison.Ordinal));
        Require(!broken, "The list of images holds an empty name, or one with a line end.");
        var foreign = names.FirstOrDefault(name => !name.StartsWith(input.Prefix, StringComparison.Ordinal));
        Require(foreign is null, $"The list names '{JobNames.Shown(foreign)}', which does not begin with '{JobNames.Shown(input.Prefix)}' as the input {input.Container}/{JobNames.Shown(input.Prefix)} has it. "
            + $"Names are whole, from the container on; with the input {input.Container} any may be listed.");
        return [.. names.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The same request gives the same id: a digest of all that results depend on.</summary>
    private static string Digest(JobDocument job, string[] parts, bool isNew)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(JsonSerializer.SerializeToUtf8Bytes(job.WithMethodNamed() with { Created = default, Priority = 0, Device = null, Name = null, LabelNotes = null }, Json.Default.JobDocument));
        foreach (var part in parts)
            digest.AppendData(Encoding.UTF8.GetBytes(part + "\n"));
        if (isNew)
            digest.AppendData(Guid.NewGuid().ToByteArray());
        return Convert.ToHexStringLower(digest.GetHashAndReset())[..10];
    }

    private static string Slug(string text)
    {
        var letters = string.Concat(text.ToLower(CultureInfo.InvariantCulture).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var slug = string.Join('-', letters.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? "job" : slug[..Math.Min(slug.Length, 40)].TrimEnd('-');
    }

    private async Task<JobDocument?> FindAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var there = await stores.Jobs.ReadJobAsync(job.Id, cancellationToken);
        return there is null || SettingsDifferences.Of(there.Describe(), (job with { Created = there.Created }).Describe()) is not { Length: > 0 } differences ? there : throw Other(job, differences);
    }

    /// <summary>Writes the list of a job's images, before the job itself. Where one is there, of this job or of a submit that went no further, it must be the same.</summary>
    private async Task WriteListAsync(JobDocument job, string[]? names, CancellationToken cancellationToken)
    {
        if (names is null)
            return;
        var list = Encoding.UTF8.GetBytes(string.Join('\n', names));
        if (await stores.Jobs.Store.WriteAsync(JobNames.InputList(job.Id), list, WriteCondition.Missing, cancellationToken) is not null)
            return;
        RequireSameList(job, (await stores.Jobs.Store.ReadAsync(JobNames.InputList(job.Id), LargestList, cancellationToken)).Bytes, names);
    }

    private static void RequireSameList(JobDocument job, byte[] there, string[] names)
    {
        if (!there.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(string.Join('\n', names))))
            throw Other(job, SettingsDifferences.Of(Listed(Encoding.UTF8.GetString(there).Split('\n')), Listed(names)));

        static JsonObject Listed(string[] names) => new() { ["images"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
    }

    private static JobRequestException Other(JobDocument job, string[] differences) =>
        new(JobRequestFault.Conflict, $"There is a job {job.Id} already, of other input or settings; choose another id, or leave it out. {string.Join(". ", differences)}.");

    private async Task RequireAnImageAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var place = $"{job.Input.Container}/{job.Input.Prefix}";
        try
        {
            if (job.Input.Listed)
            {
                // Each image that is not there fails by itself; a container that is not there is the request's fault.
                await stores.Images(job).ListAsync(job.Input.Prefix, after: null, cancellationToken).AnyAsync(cancellationToken);
                return;
            }
            await foreach (var _ in images.StreamAsync(job, after: null, rest: null, cancellationToken))
                return;
        }
        catch (BlobStoreException error) when (error.Fault is BlobStoreFault.Missing or BlobStoreFault.Denied)
        {
            throw new JobRequestException(error.Fault == BlobStoreFault.Missing ? JobRequestFault.NotFound : JobRequestFault.Denied, $"The input {place} cannot be listed: {error.Message}", error);
        }
        throw new JobRequestException(JobRequestFault.NotFound, $"There are no images ({string.Join(", ", ImageDecoder.Endings)}) in {place}.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new JobRequestException(JobRequestFault.Invalid, message);
    }
}
