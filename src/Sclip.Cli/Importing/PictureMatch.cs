using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Importing;

/// <summary>
/// Which image of a job an annotation is of: the one of its name; else the one of its name below the job's input; else the one that differs in
/// the ending alone, which masks do not tell.
/// </summary>
internal sealed class PictureMatch
{
    private readonly Dictionary<string, List<string>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Found> _found = new(StringComparer.Ordinal);

    /// <summary>The pictures of annotations.</summary>
    public PictureMatch(IEnumerable<string> pictures)
    {
        foreach (var picture in pictures)
            foreach (var key in new[] { picture, Stem(picture) }.Distinct(StringComparer.Ordinal))
                if (_names.TryGetValue(key, out var known))
                    known.Add(picture);
                else
                    _names.Add(key, [picture]);
    }

    /// <summary>The pictures of the images, by the shards of those; several images that are one picture's are left out.</summary>
    public IEnumerable<IGrouping<int, (string Picture, string Image)>> Shards => _found.Where(item => !item.Value.IsAmbiguous).GroupBy(item => item.Value.Shard, item => (item.Key, item.Value.Image)).OrderBy(shard => shard.Key);

    /// <summary>Looks through a job's images.</summary>
    public async Task FindAsync(JobBlobs jobs, JobDocument job, CancellationToken cancellationToken)
    {
        await foreach (var (shard, results) in jobs.ReadShardsAsync(job.Id, cancellationToken))
            foreach (var result in results)
                Add(shard, result.Image, result.Image.StartsWith(job.Input.Prefix, StringComparison.Ordinal) ? result.Image[job.Input.Prefix.Length..].TrimStart('/') : result.Image);
    }

    /// <summary>Why a picture is no image's; null where it is.</summary>
    public string? Refusal(string picture, string job) => _found.GetValueOrDefault(picture) switch
    {
        null => $"job {job} has no such image, or has not labelled it yet.",
        { IsAmbiguous: true } found => $"it may be '{JobNames.Shown(found.Image)}' or another image of job {job}: their names differ in the ending alone, and the annotations do not tell it.",
        _ => null,
    };

    private void Add(int shard, string image, string below)
    {
        foreach (var (rank, key) in new[] { image, below, Stem(image), Stem(below) }.Index())
        {
            // A whole name is one picture's; two pictures that share a stem are told apart by their endings alone.
            var picture = _names.GetValueOrDefault(key) is { } known ? known.Contains(key) ? key : known.Count == 1 ? known[0] : null : null;
            if (picture is null)
                continue;
            if (!_found.TryGetValue(picture, out var found) || found.Rank > rank)
                _found[picture] = new Found(shard, image, rank, IsAmbiguous: false);
            else if (found.Rank == rank && found.Image != image)
                _found[picture] = found with { IsAmbiguous = true };
            return;
        }
    }

    private static string Stem(string name) => Path.GetExtension(name) is { Length: > 0 } ending ? name[..^ending.Length] : name;

    private sealed record Found(int Shard, string Image, int Rank, bool IsAmbiguous);
}
