using System.Net;
using System.Net.Sockets;

namespace Sclip.Testing.Servers;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>
    /// A port below those that the system gives to outgoing connections: while a server is stopped, none of them can take the port that it
    /// comes back to.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }
}
