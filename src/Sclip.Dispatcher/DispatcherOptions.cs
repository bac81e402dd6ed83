using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher;

/// <summary>How the dispatcher serves.</summary>
public sealed record DispatcherOptions : IValidatableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dispatcher";

    private const int ShortestKey = 16;

    /// <summary>What callers must send in the header <c>X-Api-Key</c>; needed as soon as the service listens beyond loopback.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Jobs that are planned at the same time.</summary>
    public int PlansAtOnce { get; init; } = 4;

    /// <inheritdoc />
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (ApiKey is { Length: < ShortestKey })
            yield return (nameof(ApiKey), $"has fewer than {ShortestKey} characters; take a long random one.");
        if (PlansAtOnce is < 1 or > 1000)
            yield return (nameof(PlansAtOnce), $"is {PlansAtOnce}: it must lie in 1..1000.");
    }
}
