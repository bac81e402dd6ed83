using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Segmentation;
using Sclip.Storage.Folders;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>A folder that <c>sclip label --keep-features</c> wrote: its pictures, and what their features depend on.</summary>
internal sealed class FeatureFolder
{
    private const string ResultsName = "results.jsonl";
    private const string Again = "Do the same `sclip label` again first.";
    private readonly JsonObject _settings;

    private FeatureFolder(string folder, FolderMarker marker, JsonObject settings, string encoding, string? pictures)
    {
        (Folder, _settings, Encoding) = (folder, settings, encoding);
        Inputs = pictures is null ? [.. (marker.Inputs ?? []).Where(input => input.Length > 0)] : [Path.GetFullPath(pictures)];
        var results = new Dictionary<string, ImageResult>(StringComparer.Ordinal);
        var unreadable = Read(Path.Combine(folder, ResultsName), results);
        Unfinished = string.Join(' ', ((string?[])[marker.Unfinished, unreadable]).OfType<string>()) is { Length: > 0 } missing ? missing : null;
        if (results.Count == 0)
            throw new UserException($"{folder} holds no picture: {Unfinished ?? $"{Path.Combine(folder, ResultsName)} is empty. {Again}"}");
        var store = new LabelledPictures(results, Inputs);
        Pictures = [.. results.Values.Select(result => new PictureReference(result.Image, store, result.Image, result.InputBytes, result.InputModified, FailureOf(result)))];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How the features are kept.</summary>
    public string Encoding { get; }

    /// <summary>The folders that the pictures came from, or lie in now.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>All pictures that were labelled; those that failed then have the reason.</summary>
    public IReadOnlyList<PictureReference> Pictures { get; }

    /// <summary>What is still missing in the folder, in sentences; null where all is there.</summary>
    public string? Unfinished { get; }

    /// <summary>The number format that the features were computed in.</summary>
    public JsonNode? Precision => _settings["precision"]?.DeepClone();

    /// <summary>The model that the features are of, as it was given.</summary>
    public string ModelName => (string?)_settings["model_name"] ?? SettingsOptions.DefaultModel;

    /// <summary>The guide that the features are by, as it was given; null where their method has none.</summary>
    public string? GuideName => (string?)_settings["guide_name"];

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pictures">Where its pictures lie now; null where they lay.</param>
    /// <exception cref="UserException">It holds no features, or no picture.</exception>
    /// <exception cref="FolderException">Its marker cannot be read, or holds wrong values.</exception>
    public static FeatureFolder Open(string folder, string? pictures)
    {
        if (!Directory.Exists(folder))
            throw new UserException($"There is no folder {folder}: give one that `sclip label --keep-features` wrote.");
        if (pictures is not null && !Directory.Exists(pictures))
            throw new UserException($"--pictures: there is no folder {pictures}.");
        if (FolderMarkers.Find(folder) is not { } marker)
            throw new UserException($"{folder} holds no features: it is no folder that `sclip label --keep-features` wrote.");
        if (marker.Command == "results" && marker.Job is { } job)
            throw new UserException($"{folder} holds {marker.Describe()}, whose features are labelled where they are: sclip submit --features-of {job}.");
        if (marker.Command == "relabel")
            throw new UserException($"{folder} holds {marker.Describe()}, without features of its own: give the folder that it was made from.");
        if (marker.Command != "label")
            throw new UserException($"{folder} holds {marker.Describe()}: give a folder that `sclip label --keep-features` wrote.");
        if (marker.Settings is not { } settings || KeptSettings.Encoding(folder, settings) is not { } encoding)
            throw new UserException($"{folder} holds no features: it was labelled without --keep-features. Label its pictures with it, into another --out or with --force, and relabel that.");
        if (!File.Exists(Path.Combine(folder, ResultsName)))
            throw new UserException($"{folder} holds no {ResultsName} yet: {marker.Unfinished ?? "label its pictures first."}");
        return new FeatureFolder(folder, marker, settings, encoding, pictures);
    }

    /// <summary>The settings with those that features depend on, which are the folder's.</summary>
    /// <exception cref="UserException">They were given otherwise.</exception>
    public JobSettings Complete(JobSettings given)
    {
        var wanted = new JsonObject { ["method"] = given.GivenMethod, ["short_side"] = given.ShortSide, ["crop"] = given.Crop, ["stride"] = given.Stride, ["patch_stride"] = given.PatchStride };
        Refuse(wanted, "Leave out what differs: it is taken from that folder.");
        return given with
        {
            Method = (string)_settings["method"]!,
            ShortSide = (int)_settings["short_side"]!,
            Crop = (int)_settings["crop"]!,
            Stride = (int)_settings["stride"]!,
            PatchStride = (int?)_settings["patch_stride"],
        };
    }

    /// <summary>The directory of the model.</summary>
    /// <param name="given">What <c>--model</c> names; null where it was not given.</param>
    /// <exception cref="UserException">It is not found where the folder says.</exception>
    public string ResolveModel(string? given) => Resolve("model", given, ModelName);

    /// <summary>The directory of the guide.</summary>
    /// <param name="given">What <c>--guide</c> names; null where it was not given.</param>
    /// <exception cref="UserException">It is not found where the folder says.</exception>
    public string ResolveGuide(string? given) => Resolve("guide", given, GuideName!);

    /// <exception cref="UserException">The features are another model's, by another guide, or of another projection.</exception>
    public void RequireModel(ClipModel model, string name, string? guide)
    {
        var wanted = new JsonObject
        {
            ["model"] = model.Fingerprint,
            ["model_name"] = name,
            ["vision_weights"] = model.VisionFingerprint,
            ["guide"] = DenseMethods.GuideFingerprint((string)_settings["method"]!, model),
            ["guide_name"] = guide,
            ["projection"] = DenseMethods.ProjectionFingerprint((string)_settings["method"]!),
        };
        Refuse(wanted, "Give the model that it was labelled by, or label the pictures by this one.");
    }

    private string Resolve(string what, string? given, string known)
    {
        try
        {
            return ModelCache.OfUser().Resolve(given ?? known);
        }
        catch (ModelHubException error) when (given is null)
        {
            throw new UserException($"The {what} that {Folder} was labelled by, '{known}', is not found from here: say where it is by --{what}.", error);
        }
    }

    private void Refuse(JsonObject wanted, string advice)
    {
        if (SettingsDifferences.OfGiven(_settings, wanted) is { Length: > 0 } differences)
            throw new UserException($"The features in {Folder} are not those that are asked for:\n{string.Join('\n', differences.Select(line => $"  {line}"))}\n{advice}");
    }

    /// <summary>Reads results; says in a sentence what cannot be read, and null where all can.</summary>
    private static string? Read(string path, Dictionary<string, ImageResult> results)
    {
        var unreadable = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
                if (ImageResult.TryParse(line) is { } result)
                    results[result.Image] = result;
                else
                    unreadable++;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read: {error.Message}", error);
        }
        return unreadable switch
        {
            0 => null,
            1 => $"1 line of {path} cannot be read, and its picture is not labelled. {Again}",
            _ => $"{unreadable} lines of {path} cannot be read, and their pictures are not labelled. {Again}",
        };
    }

    private static PictureFailure? FailureOf(ImageResult result) =>
        result.Status == ImageStatus.Ok ? null : new PictureFailure(result.Reason ?? FailureReasons.Damaged, $"it failed when features were kept: {result.Error}");
}
