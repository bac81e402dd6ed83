using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sclip.Testing.Servers;

/// <summary>A port of 127.0.0.1 that passes everything on to another one, until its connections are cut as a broken network cuts them.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private static readonly TimeSpan HoldPoll = TimeSpan.FromMilliseconds(50);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _pairs = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _refuses, _holds;

    /// <summary>Starts to listen.</summary>
    /// <param name="target">The port of 127.0.0.1 behind it.</param>
    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Whether new connections are cut at once too, as long as it is set.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <summary>Whether nothing is passed on as long as it is set, over connections that stay: as if the other side were frozen.</summary>
    public bool Holds
    {
        get => _holds;
        set => _holds = value;
    }

    /// <summary>Drops all present connections at once; new ones are passed on.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var cut = 0;
        foreach (var (near, far) in _pairs)
        {
            cut++;
            Reset(near);
            Reset(far);
        }
        return cut;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Holds = false;
        await _accepting;
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient near;
            try
            {
                near = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = RelayAsync(near);
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        var far = new TcpClient();
        try
        {
            _pairs[near] = far;
            if (_refuses)
                return;
            await far.ConnectAsync(IPAddress.Loopback, _target);
            near.NoDelay = far.NoDelay = true;
            await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception error) when (IsBroken(error))
        {
            // Cut, or nobody listens behind it: for the near side both are a broken connection.
        }
        finally
        {
            _pairs.TryRemove(near, out _);
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var (source, target) = (from.GetStream(), to.GetStream());
            var buffer = new byte[1 << 16];
            while (await source.ReadAsync(buffer) is > 0 and var read)
            {
                while (Holds)
                    await Task.Delay(HoldPoll);
                await target.WriteAsync(buffer.AsMemory(0, read));
            }
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (IsBroken(error))
        {
            Reset(from);
            Reset(to);
            throw;
        }
    }

    /// <summary>A reset, not an orderly end: what was under way is lost.</summary>
    private static void Reset(TcpClient client)
    {
        try
        {
            client.Client?.Close(0);
            client.Dispose();
        }
        catch (Exception error) when (IsBroken(error))
        {
            // It ended by itself meanwhile.
        }
    }

    private static bool IsBroken(Exception error) => error is SocketException or IOException or ObjectDisposedException or InvalidOperationException;
}
