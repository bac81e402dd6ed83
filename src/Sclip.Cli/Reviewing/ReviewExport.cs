using System.Text;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Reviewing;

/// <summary>What <c>sclip review --export --json</c> prints.</summary>
internal sealed record ReviewExport
{
    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>The file.</summary>
    public required string Output { get; init; }

    /// <summary>Lines of the file, an image each.</summary>
    public required long Written { get; init; }

    /// <summary>Images of the job on which another decision holds than those that were asked for, none among them; 0 where all were.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Writes the reviews of a job into a file.</summary>
    /// <param name="stores">Where the job lies.</param>
    /// <param name="job">The job.</param>
    /// <param name="output">The file.</param>
    /// <param name="decisions">Only images on which one of these holds; null for all that were reviewed or corrected.</param>
    /// <param name="cancellationToken">Leaves the file as it was.</param>
    /// <exception cref="UserException">It cannot be written.</exception>
    public static async Task<ReviewExport> WriteAsync(JobStores stores, JobDocument job, string output, ReviewDecision[]? decisions, CancellationToken cancellationToken)
    {
        var (written, others, takesOpen) = (0L, 0L, decisions?.Contains(ReviewDecision.None) == true);
        try
        {
            var path = Path.GetFullPath(output);
            await new FileBlobStore(Path.GetDirectoryName(path)!, durable: false).WriteAsync(Path.GetFileName(path), async (stream, token) =>
            {
                await using var lines = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                var reviewed = new ReviewedImages(stores);
                await foreach (var image in takesOpen ? reviewed.ReadAllAsync(job.Id, token) : reviewed.ReadAsync(job.Id, token))
                    if (decisions?.Contains(image.Current) is false)
                        others++;
                    else
                    {
                        await lines.WriteLineAsync(image.ToLine().AsMemory(), token);
                        written++;
                    }
            }, WriteCondition.None, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException($"{output} cannot be written: {error.Message}", error);
        }
        // Without open ones, those that nobody looked at were not read, and are left out like the others.
        if (decisions is not null && !takesOpen && await stores.Jobs.ReadPlanAsync(job.Id, cancellationToken) is { } plan)
            others = plan.Images - written;
        return new ReviewExport { Job = job.Id, Output = output, Written = written, LeftOut = others };
    }
}
