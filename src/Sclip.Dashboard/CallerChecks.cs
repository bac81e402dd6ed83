using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sclip.Dashboard;

/// <summary>What a service that answers a browser looks at, before it takes a request for its own page's.</summary>
public static class CallerChecks
{
    /// <summary>Whether a page of another site has the browser send something that changes a thing; browsers say so, other callers say nothing.</summary>
    public static bool IsForged(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == request.Host.Value);
    }

    /// <summary>Whether a host's name means this machine. A page from elsewhere whose name was bent to this machine asks by that name.</summary>
    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Whether an address to listen on is reached by this machine alone.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static bool IsLoopbackAddress(string address) => IsLoopbackHost(BindingAddress.Parse(address).Host);
}
