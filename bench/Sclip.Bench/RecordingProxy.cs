using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sclip.Bench;

/// <summary>An HTTP proxy that writes down what it is asked for, and refuses it.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _accepting;

    public RecordingProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Methods and addresses, one for each request.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                var line = await reader.ReadLineAsync() ?? "";
                _asked.Enqueue(line.Split(" HTTP/")[0]);
                while (!string.IsNullOrEmpty(await reader.ReadLineAsync()))
                {
                }
                await client.GetStream().WriteAsync("HTTP/1.1 502 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (IOException)
            {
                // The caller went away; what it asked for is written down.
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
    }
}
