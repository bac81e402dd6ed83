using System.Globalization;

namespace Sclip.Contracts.Jobs;

/// <summary>The names of a job's blobs: all below <c>jobs/{job}/</c>, whatever the images are called.</summary>
public static class JobNames
{
    /// <summary>What the names of all jobs' blobs begin with.</summary>
    public const string Root = "jobs/";

    /// <summary>What the ids of previews begin with: short-lived jobs of a few images that try a label set, kept out of lists and metrics.</summary>
    public const string PreviewPrefix = "preview-";

    private const int LongestId = 63;
    private const int LongestImage = 800;

    /// <summary>Whether a text can be a job's id: 1 to 63 of a-z, 0-9 and '-', a letter or digit first.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= LongestId } && id[0] != '-' && id.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>Whether an id is that of a preview.</summary>
    public static bool IsPreview(string id) => id.StartsWith(PreviewPrefix, StringComparison.Ordinal);

    /// <summary>What the names of a job's blobs begin with.</summary>
    /// <exception cref="ArgumentException">It is no id.</exception>
    public static string Folder(string id) => IsId(id) ? $"{Root}{id}/" : throw new ArgumentException($"'{Shown(id)}' is no job id.", nameof(id));

    /// <summary>The whole request.</summary>
    public static string Job(string id) => Folder(id) + "job.json";

    /// <summary>The names that the job was given as a list, a line each, sorted; only where it was.</summary>
    public static string InputList(string id) => Folder(id) + "input.txt";

    /// <summary>How many shards there are; it exists once all of them do.</summary>
    public static string Plan(string id) => Folder(id) + "plan.json";

    /// <summary>What the names of the shards begin with.</summary>
    public static string Shards(string id) => Folder(id) + "shards/";

    /// <summary>A shard's image references, a line each.</summary>
    public static string Shard(string id, int shard) => $"{Shards(id)}{Number(shard)}.jsonl";

    /// <summary>What the names of the results begin with.</summary>
    public static string Results(string id) => Folder(id) + "results/";

    /// <summary>A shard's results, a line an image; it exists once the shard is done.</summary>
    public static string Result(string id, int shard) => $"{Results(id)}{Number(shard)}.jsonl";

    /// <summary>What the names of the drafts begin with.</summary>
    public static string Drafts(string id) => Folder(id) + "drafts/";

    /// <summary>What is known of a shard under way: its deliveries, and the results so far.</summary>
    public static string Draft(string id, int shard) => $"{Drafts(id)}{Number(shard)}.jsonl";

    /// <summary>The marker that the job was cancelled.</summary>
    public static string Cancelled(string id) => Folder(id) + "cancelled";

    /// <summary>Why no worker can do the job; only where that is so.</summary>
    public static string Failed(string id) => Folder(id) + "failed.json";

    /// <summary>What the job waits for, as the worker had it that last put a shard of it back.</summary>
    public static string Waiting(string id) => Folder(id) + "waiting.json";

    /// <summary>The job's priority, where it was changed since the submit.</summary>
    public static string Priority(string id) => Folder(id) + "priority.json";

    /// <summary>The counts of a finished job.</summary>
    public static string Summary(string id) => Folder(id) + "summary.json";

    /// <summary>The number of a shard in the name of one of its blobs; null where the name is another.</summary>
    public static int? ShardOf(string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        return file.EndsWith(".jsonl", StringComparison.Ordinal) && int.TryParse(file.AsSpan(0, file.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            ? shard
            : null;
    }

    /// <summary>
    /// Why an image's name cannot be used in the names of its outputs; null where it can. Refused is what a store or a file system might
    /// resolve to a place outside the job's own.
    /// </summary>
    public static string? Refusal(string image) => image switch
    {
        "" => "the name is empty.",
        { Length: > LongestImage } => $"the name is longer than {LongestImage} characters.",
        _ when image.Any(char.IsControl) => "the name holds a control character.",
        _ when image.Contains('\\', StringComparison.Ordinal) => "the name holds a backslash.",
        _ when image.Split('/').Any(part => part is "" or "." or "..") => "the name has an empty part, or one that is '.' or '..'.",
        _ => null,
    };

    /// <summary>A name as it may be shown: short, and without control characters.</summary>
    public static string Shown(string? name)
    {
        var clean = string.Concat((name ?? "").Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
        return clean.Length <= 100 ? clean : clean[..100] + "…";
    }

    private static string Number(int shard) => shard >= 0 ? shard.ToString("00000", CultureInfo.InvariantCulture) : throw new ArgumentOutOfRangeException(nameof(shard));
}
