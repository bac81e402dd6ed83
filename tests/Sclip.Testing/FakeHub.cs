using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sclip.Testing;

/// <summary>
/// A model hub on the loopback that misbehaves as a test tells it. It speaks plain sockets, so that a connection breaks after the very
/// byte that a test names.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    public const string Id = "org/tiny-clip", Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HubExchange, Task>>> _scripts = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;

    private FakeHub(Dictionary<string, byte[]> files, string host)
    {
        Files = files;
        _listener.Start();
        Endpoint = $"http://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = Accept();
    }

    public string Endpoint { get; }

    public Dictionary<string, byte[]> Files { get; }

    public ConcurrentQueue<HubRequest> Requests { get; } = [];

    /// <summary>Files that git stores as such; the others are large files with a SHA-256.</summary>
    public HashSet<string> GitFiles { get; } = ["config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "tokenizer_config.json"];

    /// <summary>Whether the description gives sizes and checksums.</summary>
    public bool DescribesFiles { get; set; } = true;

    public static FakeHub Start(Dictionary<string, byte[]>? files = null, string host = "127.0.0.1") => new(files ?? FakeModel.Files(), host);

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public IEnumerable<HubRequest> RequestsOf(string file) => Requests.Where(request => request.Path.EndsWith("/" + file, StringComparison.Ordinal));

    /// <summary>Says how the next request of a file is answered ("" is the model's description); further ones as they should be.</summary>
    public FakeHub Next(string file, Func<HubExchange, Task> answer)
    {
        _scripts.GetOrAdd(file, _ => []).Enqueue(answer);
        return this;
    }

    public FakeHub Next(string file, int status, params (string Name, string Value)[] headers) => Next(file, exchange => exchange.Send(status, headers, []));

    /// <summary>Answers with the first bytes of what was asked for, then breaks off.</summary>
    public FakeHub NextBreaksAfter(string file, int bytes) => Next(file, exchange => exchange.SendContent(exchange.Content, cutAfter: bytes));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(Serve(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        var (stream, rest) = (client.GetStream(), new byte[256]);
        try
        {
            if (await HubRequest.Read(stream) is not { } request)
                return;
            Requests.Enqueue(request);
            await Answer(request, stream);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(rest) > 0)
                ; // until the client hangs up: to do so first could take back what was sent
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The client hung up early, as a cancelled one does.
        }
    }

    private Task Answer(HubRequest request, Stream stream)
    {
        var describes = request.Path.StartsWith("/api/models/", StringComparison.Ordinal);
        var file = describes ? "" : request.Path.Split('/')[^1];
        var content = describes ? Describe() : Files.GetValueOrDefault(file);
        var exchange = new HubExchange(request, content ?? [], stream);
        if (_scripts.TryGetValue(file, out var script) && script.TryDequeue(out var answer))
            return answer(exchange);
        string[] known = [$"/api/models/{Id}/revision/main?blobs=true", $"/{Id}/resolve/{Commit}/{file}", $"/cdn/{file}"];
        return content is not null && known.Contains(request.Path) ? exchange.SendContent(content) : exchange.Send(404, [], []);
    }

    private byte[] Describe() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        sha = Commit,
        siblings = Files.Select(file => !DescribesFiles ? (object)new { rfilename = file.Key } : GitFiles.Contains(file.Key)
            ? new { rfilename = file.Key, size = file.Value.Length, blobId = GitBlob(file.Value) }
            : new { rfilename = file.Key, size = file.Value.Length, blobId = new string('1', 40), lfs = new { sha256 = Sha256(file.Value), size = file.Value.Length } }),
    });

    private static string GitBlob(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")), .. content]));
}
