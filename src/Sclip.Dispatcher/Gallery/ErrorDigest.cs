using Sclip.Contracts;

namespace Sclip.Dispatcher.Gallery;

/// <summary>The words of a failure as a number.</summary>
internal static class ErrorDigest
{
    /// <summary>The number; that of other words is another, as far as chance goes.</summary>
    public static long Of(string words) => (long)(ulong)NameDigest.Of(words);
}
