using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sclip.Dispatcher.Http;

/// <summary>
/// What a browser sends in place of the key: pictures and event streams carry no headers of a page's own. A cookie that holds its end and
/// the key's signature of it; nothing is kept, so that every dispatcher of the same key takes it.
/// </summary>
internal sealed class BrowserSession(byte[] key)
{
    private const string Cookie = "sclip-session";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Gives the browser a session.</summary>
    public void Begin(HttpContext context)
    {
        var end = (DateTimeOffset.UtcNow + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(Cookie, $"{end}.{Signature(end)}", Settings(context));
    }

    /// <summary>Takes it away.</summary>
    public static void End(HttpContext context) => context.Response.Cookies.Delete(Cookie, Settings(context));

    /// <summary>Whether a request comes from a session that has not ended.</summary>
    public bool Admits(HttpContext context) =>
        context.Request.Cookies[Cookie]?.Split('.') is [var end, var signature] && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) &&
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(end)), Encoding.UTF8.GetBytes(signature)) && seconds > DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static CookieOptions Settings(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = Lifetime };

    private string Signature(string end) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"sclip browser session until {end}")));
}
