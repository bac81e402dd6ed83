using System.Globalization;

namespace Sclip.Cli;

/// <summary>Numbers of things in messages.</summary>
internal static class Counted
{
    /// <summary>Such as <c>1 picture</c>, <c>2 pictures</c>.</summary>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
