using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sclip.Testing;

/// <summary>A request that the hub got.</summary>
public sealed record HubRequest(string Path, string? Range, string? IfRange, string? Authorization)
{
    /// <summary>Reads a request's line and headers; null where the client hangs up before.</summary>
    public static async Task<HubRequest?> Read(Stream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer) is not (> 0 and var count))
                return null;
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        var lines = text.ToString().Split("\r\n");
        return new(lines[0].Split(' ')[1], Header("Range"), Header("If-Range"), Header("Authorization"));

        string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
    }
}

/// <summary>A request and the way to answer it; each connection serves one.</summary>
public sealed class HubExchange(HubRequest request, byte[] content, Stream stream)
{
    /// <summary>What the hub has at the address.</summary>
    public byte[] Content => content;

    public static string TagOf(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    /// <summary>Sends a file, or the part of it that was asked for.</summary>
    /// <param name="body">The file.</param>
    /// <param name="honourRange">Whether a part is sent where one was asked for.</param>
    /// <param name="cutAfter">Bytes after which the answer breaks off.</param>
    /// <param name="headers">Further headers.</param>
    public Task SendContent(byte[] body, bool honourRange = true, int? cutAfter = null, params (string Name, string Value)[] headers)
    {
        var resumes = honourRange && request.Range is not null && (request.IfRange is null || request.IfRange == TagOf(content));
        var from = resumes ? int.Parse(request.Range!["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        var rest = body[from..];
        (string, string)[] all = [("ETag", TagOf(content)), .. headers];
        if (resumes)
            all = [.. all, ("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}")];
        return Send(resumes ? 206 : 200, all, rest[..(cutAfter ?? rest.Length)], rest.Length);
    }

    public async Task Send(int status, (string Name, string Value)[] headers, byte[] body, int? contentLength = null)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} Status\r\nConnection: close\r\nContent-Length: {contentLength ?? body.Length}\r\n");
        foreach (var (name, value) in headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        await stream.WriteAsync(body);
    }
}
