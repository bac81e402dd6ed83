using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>Reads what may be one of several names from a query's text.</summary>
internal static class QueryValues
{
    /// <summary>The value of a name, in small letters.</summary>
    /// <param name="key">The query's key.</param>
    /// <param name="value">The name.</param>
    /// <param name="rule">How the names that are allowed are told, as <c>must be one of</c>.</param>
    /// <exception cref="JobRequestException">There is no such name.</exception>
    public static T OneOf<T>(string key, string value, string rule = "must be one of")
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToArray();
        return names.Contains(value, StringComparer.Ordinal)
            ? Enum.Parse<T>(value, ignoreCase: true)
            : throw new JobRequestException(JobRequestFault.Invalid, $"{key} {rule} {string.Join(", ", names)}; it is '{JobNames.Shown(value)}'.");
    }
}
