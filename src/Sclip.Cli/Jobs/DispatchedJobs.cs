using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Asks a dispatcher for jobs, which knows them all: at once also where there are very many, and without access to the store.</summary>
/// <param name="address">Its address.</param>
/// <param name="key">Its key; null where it has none.</param>
internal sealed class DispatchedJobs(Uri address, string? key)
{
    /// <summary>The environment variable that holds a dispatcher's key.</summary>
    public const string KeyVariable = "SCLIP_DISPATCHER__APIKEY";

    private const int LargestPage = 500;

    /// <summary>The jobs that a filter takes, the newest first.</summary>
    /// <exception cref="UserException">The dispatcher does not answer, or refuses.</exception>
    public async Task<JobListing> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        using var client = Client();
        var jobs = new List<JobStatus>();
        while (true)
        {
            var page = await ReadAsync(client, filter, jobs.Count, Math.Min(LargestPage, (filter.Limit ?? int.MaxValue) - jobs.Count), cancellationToken);
            jobs.AddRange(page.Jobs.Select(job => job.Status));
            // A job that came meanwhile moves the others: what there is no more of ends it as well.
            if (page.Jobs.Count == 0 || jobs.Count >= page.Total || jobs.Count == filter.Limit)
                return new JobListing { Jobs = [.. jobs.DistinctBy(job => job.Id)], Total = page.Total, HasMore = page.Total > jobs.Count, Complete = page.Complete };
        }
    }

    /// <summary>Where a job stands.</summary>
    /// <exception cref="UserException">There is no such job; or the dispatcher does not answer, or refuses.</exception>
    public async Task<JobStatus> FindAsync(string id, CancellationToken cancellationToken)
    {
        using var client = Client();
        return await ReadAsync(client, $"jobs/{Uri.EscapeDataString(id)}", Json.Default.JobStatus, cancellationToken);
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = address };
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    private Task<JobPage> ReadAsync(HttpClient client, JobFilter filter, int offset, int limit, CancellationToken cancellationToken)
    {
        var states = string.Join(',', filter.States.Select(JobView.Name));
        var query = string.Create(CultureInfo.InvariantCulture, $"fleet/jobs?sort=created&descending=true&offset={offset}&limit={limit}")
            + (states.Length > 0 ? $"&state={states}" : "") + (filter.Search is { } search ? $"&search={Uri.EscapeDataString(search)}" : "");
        return ReadAsync(client, query, Json.Default.JobPage, cancellationToken);
    }

    private async Task<T> ReadAsync<T>(HttpClient client, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                throw new UserException($"The dispatcher at {address} wants a key, {(key is null ? $"and {KeyVariable} is not set" : $"and that of {KeyVariable} is not its")}: set {KeyVariable} to the key that the dispatcher has, which it is sent as X-Api-Key.");
            if (!response.IsSuccessStatusCode)
                throw new UserException($"The dispatcher at {address} refuses: {await ProblemAsync(response, cancellationToken)}");
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("there is nothing.");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UserException($"The dispatcher at {address} does not answer as one of this version does: {error.Message.TrimEnd('.')}. Without --dispatcher and SCLIP_DISPATCHER_URL jobs are read from the store.", error);
        }
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) is JsonObject problem && (problem["detail"] ?? problem["title"]) is JsonValue told)
                return told.ToString();
        }
        catch (JsonException)
        {
            // Something in between has answered, in words of its own.
        }
        return string.Create(CultureInfo.InvariantCulture, $"it answers {(int)response.StatusCode} {response.ReasonPhrase}.");
    }
}
