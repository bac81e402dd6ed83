using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Storage.Folders;

namespace Sclip.Cli.Workbench;

/// <summary>
/// What was typed on the page, kept between runs for these pictures, this model and what features depend on. It counts more than <c>--labels</c> and
/// thresholds, unless those are others than they were when the workbench was begun or saved last: then they do, and the wishes stay.
/// </summary>
internal sealed class KeptDraft
{
    private const string Labels = "labels", Settings = "settings";
    private readonly string _begun;

    /// <param name="folder">Where it is kept.</param>
    /// <param name="arguments">What the workbench is begun with.</param>
    public KeptDraft(string folder, WorkbenchArguments arguments)
    {
        var key = new StringBuilder();
        foreach (var part in (string?[])[.. arguments.Inputs.Select(Path.GetFullPath), "", arguments.ModelName, .. Windows(arguments.Settings), .. arguments.Pictures.All.Select(picture => picture.Name)])
            key.Append(part).Append('\0');
        var name = Path.Combine(folder, Digest(Encoding.UTF8.GetBytes(key.ToString()))[..32]);
        (StateFile, _begun) = ($"{name}.json", $"{name}.begun.json");
    }

    /// <summary>The file of what the page keeps.</summary>
    public string StateFile { get; }

    /// <summary>Whether an earlier run kept something.</summary>
    public bool IsThere => File.Exists(StateFile);

    /// <summary>Takes away of what is kept what was given otherwise since.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Begin(LabelSet? labels, JobSettings settings)
    {
        var (before, now) = (Read(_begun), new JsonObject { [Labels] = labels is null ? null : DigestOf(labels), [Settings] = Thresholds(settings) });
        if (IsThere && Read(StateFile) is var state)
        {
            // Where no labels are given, none are given otherwise.
            var changed = now.Select(item => item.Key).Where(key => now[key] is { } value && !JsonNode.DeepEquals(value, before[key]) && state.Remove(key)).ToArray();
            if (changed.Length > 0)
                Write(StateFile, state);
        }
        now[Labels] ??= before[Labels]?.DeepClone();
        Write(_begun, now);
    }

    /// <summary>Takes labels that were saved where they were taken from for those that were given.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Remember(LabelSet labels)
    {
        var begun = Read(_begun);
        begun[Labels] = DigestOf(labels);
        Write(_begun, begun);
    }

    // The patch stride only where one is given, so that what was kept before there was one is found again.
    private static string[] Windows(JobSettings settings) =>
        [settings.Method, $"{settings.ShortSide}", $"{settings.Crop}", $"{settings.Stride}", .. settings.PatchStride is { } step ? (string[])[$"patch stride {step}"] : []];

    private static string Thresholds(JobSettings settings) => string.Create(CultureInfo.InvariantCulture, $"{settings.ProbabilityThreshold} {settings.AreaThreshold} {settings.LogitScale}");

    private static string DigestOf(LabelSet labels) => Digest(MaskLabels.Write(labels.Classes));

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static JsonObject Read(string path)
    {
        try
        {
            return File.Exists(path) && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject value ? value : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // What cannot be read is begun anew, as the session does.
            return [];
        }
    }

    private static void Write(string path, JsonObject value)
    {
        try
        {
            WholeFile.Write(path, Encoding.UTF8.GetBytes(value.ToJsonString()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"What is typed cannot be kept in {Path.GetDirectoryName(path)}: {error.Message} Make it writable, or set SCLIP_CACHE to another folder.", error);
        }
    }
}
