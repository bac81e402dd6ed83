using System.Globalization;

namespace Sclip.Cli.Evaluating;

/// <summary>The value of <c>--ids</c>: values of masks and what is read for them, such as <c>255=1,128=2</c>.</summary>
internal static class IdList
{
    /// <exception cref="UserException">It is no such list, or has a value twice.</exception>
    public static IReadOnlyDictionary<int, int>? Parse(string option, string? text)
    {
        if (text is null)
            return null;
        var ids = new Dictionary<int, int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [var from, var to] || !TryParse(from, out var id) || !TryParse(to, out var meant))
                throw new UserException($"{option} must be values of 0 to {ushort.MaxValue} and what is read for them, such as 255=1,128=2; it is '{text}'.");
            if (!ids.TryAdd(id, meant))
                throw new UserException($"{option} has the value {id} twice: '{text}'.");
        }
        return ids;
    }

    private static bool TryParse(string text, out ushort value) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
