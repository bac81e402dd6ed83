using System.Net;
using System.Net.Sockets;

namespace Sclip.Testing.Servers;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // A server listens seconds after its port was drawn. Until this process ends the port is kept for it by a socket of UDP, which no server here uses:
    // neither this nor another run of tests draws it again.
    private static readonly List<Socket> Kept = [];

    /// <summary>
    /// A port below those that the system gives to outgoing connections: while a server is stopped, none of them can take the port that it
    /// comes back to.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            var kept = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                kept.Bind(new IPEndPoint(IPAddress.Loopback, port));
                listener.Start();
            }
            catch (SocketException)
            {
                // Taken; another one.
                kept.Dispose();
                continue;
            }
            lock (Kept)
                Kept.Add(kept);
            return port;
        }
    }
}
