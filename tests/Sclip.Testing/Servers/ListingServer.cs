using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sclip.Testing.Servers;

/// <summary>What a blob service makes of <c>startFrom</c>.</summary>
public enum StartFromSupport
{
    /// <summary>It begins there, that name included.</summary>
    Begins,

    /// <summary>It lists from the beginning.</summary>
    Ignores,

    /// <summary>It answers 400.</summary>
    Refuses,

    /// <summary>It lists nothing, as OneLake does.</summary>
    ListsNothing,
}

/// <summary>
/// The listings of a container as services give them that Azurite is not like: folder by folder, as accounts with a hierarchical namespace list, with
/// their folders; and services that know less, or list in no order at all.
/// </summary>
/// <param name="order">The order of names; <see cref="FolderByFolder"/>, or another one.</param>
/// <param name="startFrom">What <c>startFrom</c> does.</param>
/// <param name="pageSize">How many names are in a page.</param>
public sealed class ListingServer(IComparer<string> order, StartFromSupport startFrom = StartFromSupport.Begins, int pageSize = 5) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private WebApplication? _app;

    /// <summary>The order of an account with a hierarchical namespace: part by part.</summary>
    public static IComparer<string> FolderByFolder { get; } = Comparer<string>.Create(CompareParts);

    /// <summary>Names of the blobs there are; may be changed.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName=lake;AccountKey={AzuriteServer.AccountKey};BlobEndpoint={_app!.Urls.First()}/lake;";

    /// <summary>The queries of the listings so far, the earliest first.</summary>
    public string[] Requests => [.. _requests];

    /// <summary>The names in the server's order.</summary>
    public string[] Ordered => [.. Names.Order(order)];

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/lake/{container}", (HttpRequest request) => List(request));
        await _app.StartAsync();
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private IResult List(HttpRequest request)
    {
        _requests.Enqueue(request.QueryString.Value ?? "");
        string? Query(string name) => request.Query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
        var first = Query("startFrom");
        if (first is not null && startFrom == StartFromSupport.Refuses)
        {
            request.HttpContext.Response.Headers["x-ms-error-code"] = "UnsupportedQueryParameter";
            return Results.Text("<Error><Code>UnsupportedQueryParameter</Code><Message>No such parameter.</Message></Error>", "application/xml", Encoding.UTF8, 400);
        }
        var folders = order == FolderByFolder ? Names.SelectMany(Above).ToHashSet(StringComparer.Ordinal) : [];
        var after = Query("marker") is { } marker ? Encoding.UTF8.GetString(Convert.FromBase64String(marker)) : null;
        var listed = Names.Concat(folders).Where(name => name.StartsWith(Query("prefix") ?? "", StringComparison.Ordinal)).Order(order)
            .Where(name => first is null || startFrom == StartFromSupport.Ignores || (startFrom == StartFromSupport.Begins && order.Compare(name, first) >= 0))
            .Where(name => after is null || order.Compare(name, after) > 0).ToArray();
        var page = listed.Take(pageSize).ToArray();
        var answer = new XElement(
            "EnumerationResults",
            new XElement("Blobs", page.Select(name => Blob(name, folders.Contains(name)))),
            new XElement("NextMarker", page.Length < listed.Length ? Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1])) : ""));
        return Results.Text(answer.ToString(SaveOptions.DisableFormatting), "application/xml", Encoding.UTF8);
    }

    private static XElement Blob(string name, bool isFolder) => new(
        "Blob",
        new XElement("Name", name),
        new XElement(
            "Properties",
            new XElement("Last-Modified", DateTimeOffset.UnixEpoch.ToString("R", CultureInfo.InvariantCulture)),
            new XElement("Etag", $"0x{name.Length:X}"),
            new XElement("Content-Length", isFolder ? 0 : name.Length),
            new XElement("BlobType", "BlockBlob")),
        new XElement("Metadata", isFolder ? new XElement("hdi_isfolder", "true") : null));

    private static IEnumerable<string> Above(string name)
    {
        for (var end = name.IndexOf('/', StringComparison.Ordinal); end >= 0; end = name.IndexOf('/', end + 1))
            yield return name[..end];
    }

    private static int CompareParts(string? a, string? b)
    {
        var (left, right) = (a!.Split('/'), b!.Split('/'));
        var differ = left.Zip(right).Select(pair => string.CompareOrdinal(pair.First, pair.Second)).FirstOrDefault(sign => sign != 0);
        return differ != 0 ? differ : left.Length - right.Length;
    }
}
