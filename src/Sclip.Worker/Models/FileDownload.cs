using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Sclip.Worker.Models;

/// <summary>
/// Downloads a file into a folder: <c>name.part</c> while it grows, with the server's tag in <c>name.part.etag</c>, and <c>name</c> once
/// it is complete and its checksum, where the hub gives one, is right. What a broken or cancelled download left is gone on with.
/// </summary>
internal sealed class FileDownload(HubClient hub, Retry retry, IProgress<PullProgress> progress, Action<string> notify)
{
    private const int BufferLength = 1 << 17;
    private const long Gain = 1 << 20;
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(1);

    /// <exception cref="ModelHubException">The hub refuses the file, breaks off too often, or sends content of another checksum.</exception>
    public async Task Run(HubModel model, HubFile file, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Name);
        // A file has its own name only once it was verified; an earlier pull got that far.
        if (!File.Exists(path))
        {
            if (!await TryFetch(model, file, path, cancellationToken) && !await TryFetch(model, file, path, cancellationToken))
                throw new ModelHubException($"{file.Name} of '{model.Id}' has another checksum than the hub says, twice over: it is corrupt on the hub or on the way here.");
        }
        var length = new FileInfo(path).Length;
        progress.Report(new(file.Name, length, length, Done: true));
    }

    private async Task<bool> TryFetch(HubModel model, HubFile file, string path, CancellationToken cancellationToken)
    {
        var part = new PartFile(path);
        var before = part.Length;
        var fromHeaders = await retry.Run(
            () => Fetch(model, file, part, cancellationToken),
            () => part.Length - before >= Gain && (before = part.Length) > 0,
            cancellationToken);
        if ((file.Checksum ?? fromHeaders) is not { } checksum)
        {
            notify($"{file.Name}: the hub gives no checksum, so its content could not be verified");
        }
        else if (!await checksum.Matches(part.Path, cancellationToken))
        {
            part.Delete();
            return false;
        }
        part.Complete();
        return true;
    }

    /// <summary>One attempt to get the file, or its rest; returns the checksum that the headers give.</summary>
    private async Task<Checksum?> Fetch(HubModel model, HubFile file, PartFile part, CancellationToken cancellationToken)
    {
        if (file.Size < part.Length)
            part.Delete();
        if (file is { Checksum: not null } && file.Size == part.Length && part.Exists)
            return null;
        var resume = part.ResumePoint(trusted: file.Checksum is not null);
        var (response, checksum) = await hub.GetFile(model, file.Name, resume, cancellationToken);
        using var _ = response;
        var offset = OffsetOf(response, resume);
        if (offset is null)
        {
            part.Delete();
            throw new TransientFailure($"{file.Name} cannot be gone on with where it broke off");
        }
        part.RememberTag(response.Headers.ETag);
        var total = file.Size ?? offset + response.Content.Headers.ContentLength;
        await using var output = part.Open(offset.Value);
        await Copy(response, output, file.Name, total, cancellationToken);
        if (output.Length < total)
            throw new TransientFailure($"{file.Name} broke off after {output.Length} of {total} bytes");
        return checksum;
    }

    /// <summary>Where the answer's content belongs; null where it is another part of the file, or of another file, than was asked for.</summary>
    private static long? OffsetOf(HttpResponseMessage response, ResumePoint? resume)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return 0;
        var sameFile = resume?.ETag is null || response.Headers.ETag is null || resume.ETag.Equals(response.Headers.ETag);
        var asked = response.StatusCode == HttpStatusCode.PartialContent && resume is not null && response.Content.Headers.ContentRange?.From == resume.Offset;
        return asked && sameFile ? resume!.Offset : null;
    }

    private async Task Copy(HttpResponseMessage response, FileStream output, string name, long? total, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var source = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await Read(source, buffer, name, cancellationToken) is > 0 and var count)
            {
                // More than was announced is no reason to fill the disk: the checksum decides on what there is.
                count = (int)Math.Min(count, (total ?? long.MaxValue) - output.Length);
                if (count == 0)
                    break;
                await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                progress.Report(new(name, output.Length, total, Done: false));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> Read(Stream source, Memory<byte> buffer, string name, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(StallTimeout);
        try
        {
            return await source.ReadAsync(buffer, stall.Token);
        }
        catch (Exception error) when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TransientFailure($"the connection broke off within {name}", null, error);
        }
    }

    private sealed class PartFile(string path)
    {
        private readonly string _tag = path + ".part.etag";

        public string Path { get; } = path + ".part";

        public bool Exists => File.Exists(Path);

        public long Length => Exists ? new FileInfo(Path).Length : 0;

        public FileStream Open(long offset) => new(Path, offset > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);

        /// <summary>Where to go on; null where there is nothing, or nothing that could be told from another file's beginning.</summary>
        public ResumePoint? ResumePoint(bool trusted)
        {
            var tag = File.Exists(_tag) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tag), out var parsed) ? parsed : null;
            return Length > 0 && (trusted || tag is not null) ? new(Length, tag) : null;
        }

        public void RememberTag(EntityTagHeaderValue? tag)
        {
            if (tag is { IsWeak: false })
                File.WriteAllText(_tag, tag.ToString());
            else
                File.Delete(_tag);
        }

        public void Complete()
        {
            File.Delete(_tag);
            File.Move(Path, path, overwrite: true);
        }

        public void Delete()
        {
            File.Delete(_tag);
            File.Delete(Path);
        }
    }
}
