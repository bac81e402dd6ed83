using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>Ids made of requests: the same request gives the same id, since its digest is of all that results depend on.</summary>
internal static class JobId
{
    /// <summary>The id of a job whose request names none: its input, readable, and a digest.</summary>
    /// <param name="job">The job, its id empty.</param>
    /// <param name="names">The names of its images where they are a list; else empty.</param>
    /// <param name="isNew">Whether the id is to be one that no job has yet.</param>
    public static string Of(JobDocument job, string[] names, bool isNew) => $"{Slug($"{job.Input.Container}-{job.Input.Prefix}")}-{Digest(job, names, isNew)}";

    /// <summary>The id of a preview: the same for the same request and images, as long as these are not changed.</summary>
    /// <param name="job">The job, its id empty.</param>
    /// <param name="names">The names of its images.</param>
    /// <param name="versions">Their tags.</param>
    /// <param name="isNew">Whether the id is to be one that no preview has yet.</param>
    public static string OfPreview(JobDocument job, string[] names, string[] versions, bool isNew) => JobNames.PreviewPrefix + Digest(job, [.. names, .. versions], isNew);

    /// <summary>The refusal of an id that another job has.</summary>
    /// <param name="id">The id.</param>
    /// <param name="differences">How the other job differs, a sentence each, without its full stop.</param>
    public static JobRequestException Taken(string id, string[] differences) =>
        new(JobRequestFault.Conflict, $"There is a job {id} already, of other input or settings; choose another id, or leave it out. {string.Join(". ", differences)}.");

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
}
