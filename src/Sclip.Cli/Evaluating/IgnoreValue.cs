using System.Globalization;

namespace Sclip.Cli.Evaluating;

/// <summary>The value of <c>--ignore</c>: a ground-truth value that does not count, or none.</summary>
internal static class IgnoreValue
{
    /// <exception cref="UserException">It is neither.</exception>
    public static int? Parse(string text) => text == "none" ? null
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw new UserException($"--ignore must be a value of 0 to {ushort.MaxValue}, or none; it is '{text}'.");
}
