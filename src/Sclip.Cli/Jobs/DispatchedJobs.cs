using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Asks a dispatcher for jobs, which knows them all: at once also where there are very many, and without access to the store.</summary>
internal sealed class DispatchedJobs : IDisposable
{
    /// <summary>The environment variable that holds a dispatcher's key.</summary>
    public const string KeyVariable = "SCLIP_DISPATCHER__APIKEY";

    private const string Otherwise = "Without --dispatcher and SCLIP_DISPATCHER_URL jobs are read from the store.";
    private const int LargestPage = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A retry enqueues each shard of a job before it is answered, and ends where nobody waits for it.
    private static readonly TimeSpan PatienceOfChanges = TimeSpan.FromMinutes(10);
    private readonly Uri _address;
    private readonly string? _key;
    private readonly HttpClient _client;

    /// <param name="address">Its address.</param>
    /// <param name="key">Its key; null where it has none.</param>
    /// <exception cref="UserException">The key cannot be sent.</exception>
    public DispatchedJobs(Uri address, string? key)
    {
        if (key?.All(letter => letter is >= ' ' and <= '~') == false)
            throw new UserException($"{KeyVariable} has characters that a header cannot carry: a key is made of letters, digits and signs of ASCII, without a line break.");
        (_address, _key, _client) = (address, key, new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan });
        if (key is not null)
            _client.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <summary>The jobs that a filter takes, the newest first.</summary>
    /// <exception cref="UserException">The dispatcher does not answer, or refuses.</exception>
    public async Task<JobListing> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var jobs = new List<JobStatus>();
        while (true)
        {
            var page = await ReadAsync(filter, jobs.Count, Math.Min(LargestPage, (filter.Limit ?? int.MaxValue) - jobs.Count), cancellationToken);
            jobs.AddRange(page.Jobs.Select(job => job.Status));
            // A job that came meanwhile moves the others: what there is no more of ends it as well.
            if (page.Jobs.Count == 0 || jobs.Count >= page.Total || jobs.Count == filter.Limit)
                return new JobListing { Jobs = [.. jobs.DistinctBy(job => job.Id)], Total = page.Total, HasMore = page.Total > jobs.Count, Complete = page.Complete };
        }
    }

    /// <summary>Where a job stands.</summary>
    /// <exception cref="DispatcherUnavailableException">The dispatcher does not answer, or cannot now.</exception>
    /// <exception cref="UserException">There is no such job, or the dispatcher refuses.</exception>
    public Task<JobStatus> FindAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, PathOf(id), Json.Default.JobStatus, cancellationToken);

    /// <summary>Cancels a job, and tells where it stands then.</summary>
    /// <exception cref="UserException">There is no such job, it has ended, or the dispatcher does not answer, or refuses.</exception>
    public Task<JobStatus> CancelAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"{PathOf(id)}/cancel", Json.Default.JobStatus, cancellationToken);

    /// <summary>Enqueues the shards of a job that have no results, and tells where it stands then.</summary>
    /// <param name="id">The job.</param>
    /// <param name="failed">Whether images that failed are labelled again, too.</param>
    /// <param name="cancellationToken">Checked while the dispatcher is at it.</param>
    /// <exception cref="UserException">There is no such job, or the dispatcher does not answer, or refuses.</exception>
    public Task<JobStatus> RetryAsync(string id, bool failed, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{PathOf(id)}/retry{(failed ? "?failed=true" : "")}", Json.Default.JobStatus, cancellationToken);

    public void Dispose() => _client.Dispose();

    private static string PathOf(string id) => JobNames.IsId(id) ? $"jobs/{id}" : throw new UserException($"'{JobNames.Shown(id)}' is no job id: 1 to 63 of a-z, 0-9 and '-'.");

    private Task<JobPage> ReadAsync(JobFilter filter, int offset, int limit, CancellationToken cancellationToken)
    {
        var states = string.Join(',', filter.States.Select(JobView.Name));
        var query = string.Create(CultureInfo.InvariantCulture, $"fleet/jobs?sort=created&descending=true&offset={offset}&limit={limit}")
            + (states.Length > 0 ? $"&state={states}" : "") + (filter.Search is { } search ? $"&search={Uri.EscapeDataString(search)}" : "");
        return SendAsync(HttpMethod.Get, query, Json.Default.JobPage, cancellationToken);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var patience = method == HttpMethod.Get ? Patience : PatienceOfChanges;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            using var response = await _client.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(limit.Token), type) ?? throw new JsonException("there is nothing.")
                : throw await RefusalAsync(response, limit.Token);
        }
        catch (JsonException error)
        {
            throw new DispatcherUnavailableException($"What answers at {_address} is no dispatcher, or one of another version: {error.Message.TrimEnd('.')}.", $"Check the address. {Otherwise}", error);
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DispatcherUnavailableException($"The dispatcher at {_address} does not answer: {ReasonOf(error, patience)}.", $"Check that it runs, and that this is its address. {Otherwise}", error);
        }
    }

    /// <summary>Of a socket the client tells the address, too; of all else only what is within says what happened.</summary>
    private static string ReasonOf(Exception error, TimeSpan patience) => error switch
    {
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"nothing came within {patience.TotalSeconds} seconds"),
        { InnerException: null or SocketException } => error.Message.TrimEnd('.'),
        _ => error.GetBaseException().Message.TrimEnd('.'),
    };

    private async Task<UserException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return new($"The dispatcher at {_address} wants a key, {(_key is null ? $"and {KeyVariable} is not set" : $"and that of {KeyVariable} is not its")}: set {KeyVariable} to the key that the dispatcher has, which it is sent as X-Api-Key.");
        var said = await ProblemAsync(response, cancellationToken) is { } problem
            ? $"The dispatcher at {_address} refuses: {problem}{(response.StatusCode == HttpStatusCode.NotFound ? " `sclip jobs` lists those that it has." : "")}"
            : string.Create(CultureInfo.InvariantCulture, $"The dispatcher at {_address} answers {(int)response.StatusCode} {response.ReasonPhrase} without a reason: something between may have answered, or the address is another service's.");
        return response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError ? new DispatcherUnavailableException(said) : new UserException(said);
    }

    /// <summary>What a dispatcher gives as its reason; null where something else has answered, in words of its own.</summary>
    private static async Task<string?> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) is JsonObject problem && (problem["detail"] ?? problem["title"]) is JsonValue told ? told.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
