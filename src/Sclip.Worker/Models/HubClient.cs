using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Worker.Models;

/// <summary>A model hub that speaks as huggingface.co does.</summary>
public sealed class HubClient : IDisposable
{
    /// <summary>The hub where none is named.</summary>
    public const string DefaultEndpoint = "https://huggingface.co";

    private const int MostRedirects = 8, LargestDescription = 64 << 20;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20), AnswerTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly string? _token;

    /// <summary>A client of a hub.</summary>
    /// <param name="endpoint">The hub's address.</param>
    /// <param name="token">Access token, for the endpoint's own host alone; null or empty is none.</param>
    /// <exception cref="ModelHubException">The address is no http address.</exception>
    public HubClient(string endpoint, string? token)
    {
        _endpoint = Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && IsHttp(uri)
            ? uri
            : throw new ModelHubException($"The endpoint '{endpoint}' is no address; it reads https://host.");
        _token = token is { Length: > 0 } && token.All(c => c is > ' ' and < '\x7f') ? token : null;
        if (_token is null && !string.IsNullOrEmpty(token))
            throw new ModelHubException("HF_TOKEN holds white space or other characters that no token has.");
        // Redirects are followed here, since only so it can be seen to that the token reaches the endpoint's own host and no other.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout })
        {
            Timeout = AnswerTimeout,
            MaxResponseContentBufferSize = LargestDescription,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sclip", typeof(HubClient).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>The hub's address.</summary>
    public string Endpoint => _endpoint.ToString().TrimEnd('/');

    /// <summary>The hub that the environment names: HF_ENDPOINT, else huggingface.co, with the access token in HF_TOKEN.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="endpoint">An address that wins over the environment's; null or empty is none.</param>
    /// <exception cref="ModelHubException">The address is no http address, or the token is no token.</exception>
    public static HubClient Of(Func<string, string?> environment, string? endpoint = null)
    {
        var address = new[] { endpoint, environment("HF_ENDPOINT") }.FirstOrDefault(text => !string.IsNullOrEmpty(text));
        return new(address ?? DefaultEndpoint, environment("HF_TOKEN"));
    }

    /// <summary>Asks for the commit and the files of a model.</summary>
    /// <exception cref="ModelHubException">There is no such model, it may not be read, or the answer makes no sense.</exception>
    /// <exception cref="TransientFailure">It may work later.</exception>
    internal async Task<HubModel> GetModel(ModelId id, CancellationToken cancellationToken)
    {
        var address = new Uri(_endpoint, $"api/models/{id.Repository}/revision/{Uri.EscapeDataString(id.Revision)}?blobs=true");
        var (response, _) = await Get(id, address, null, cancellationToken);
        using var _response = response;
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).WaitAsync(AnswerTimeout, cancellationToken));
            return HubModelJson.Read(id, document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ModelHubException($"{Endpoint} did not answer with a model's description; is it a model hub?", error);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException)
        {
            throw new TransientFailure($"{address.Host} broke off", null, error);
        }
    }

    /// <summary>Asks for a file, or for its rest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="range">Where to go on; the server starts anew where the file has changed since.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The answer with status 200, 206 or 416, and the SHA-256 where its headers give one.</returns>
    internal Task<(HttpResponseMessage Response, Checksum? Checksum)> GetFile(HubModel model, string file, ResumePoint? range, CancellationToken cancellationToken) =>
        Get(model.Id, new Uri(_endpoint, $"{model.Id.Repository}/resolve/{model.Commit}/{Uri.EscapeDataString(file)}"), range, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage Response, Checksum? Checksum)> Get(ModelId id, Uri address, ResumePoint? range, CancellationToken cancellationToken)
    {
        Checksum? checksum = null;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (_token is not null && Uri.Compare(address, _endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            range?.Apply(request.Headers);
            var response = await Send(request, cancellationToken);
            checksum ??= LinkedChecksum(response);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
                return (response, checksum);
            using var _ = response;
            address = (int)response.StatusCode is >= 301 and <= 308 && response.Headers.Location is { } location
                ? Redirected(address, location)
                : throw Failure(id, address, response);
        }
        throw new ModelHubException($"{Endpoint} redirects in circles.");
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new TransientFailure($"{request.RequestUri!.Host} cannot be reached: {error.Message}", null, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailure($"{request.RequestUri!.Host} does not answer", null, error);
        }
    }

    private static Uri Redirected(Uri from, Uri location)
    {
        var target = new Uri(from, location);
        return IsHttp(target) && (from.Scheme != Uri.UriSchemeHttps || target.Scheme == Uri.UriSchemeHttps)
            ? target
            : throw new ModelHubException($"{from.Host} redirects from {from.Scheme} to {target.Scheme}, which is not followed.");
    }

    private static Checksum? LinkedChecksum(HttpResponseMessage response)
    {
        var tag = response.Headers.TryGetValues("X-Linked-ETag", out var linked) ? linked.First() : response.Headers.ETag?.Tag;
        return Checksum.Sha256(tag?.Trim('"'));
    }

    private Exception Failure(ModelId id, Uri address, HttpResponseMessage response)
    {
        var host = address.Host;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when _token is not null =>
                new ModelHubException($"{host} does not accept HF_TOKEN for '{id}' (401): the token is not valid, or there is no such model."),
            HttpStatusCode.Unauthorized =>
                new ModelHubException($"{host} does not give out '{id}' to strangers (401): check the id; for a private model set HF_TOKEN to an access token."),
            HttpStatusCode.Forbidden =>
                new ModelHubException($"{host} refuses '{id}' (403): accept its licence at {Endpoint}/{id.Repository}, and set HF_TOKEN to a token of that account."),
            HttpStatusCode.NotFound => new ModelHubException($"{host} has no model '{id}', or not {address.AbsolutePath} of it (404): check the id and the revision."),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new TransientFailure($"{host} is overloaded or out of order ({(int)response.StatusCode})", WaitAskedFor(response)),
            _ => new ModelHubException($"{host} answers {(int)response.StatusCode} to {address.AbsolutePath}; is {Endpoint} a model hub?"),
        };
    }

    private static TimeSpan? WaitAskedFor(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - DateTimeOffset.UtcNow : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;
}

/// <summary>Where an interrupted download goes on.</summary>
/// <param name="Offset">Bytes that are there.</param>
/// <param name="ETag">The strong tag that the server gave them with; null where it gave none.</param>
internal sealed record ResumePoint(long Offset, EntityTagHeaderValue? ETag)
{
    public void Apply(HttpRequestHeaders headers)
    {
        headers.Range = new RangeHeaderValue(Offset, null);
        headers.IfRange = ETag is null ? null : new RangeConditionHeaderValue(ETag);
    }
}
