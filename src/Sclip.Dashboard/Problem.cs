using Microsoft.AspNetCore.Http;

namespace Sclip.Dashboard;

/// <summary>What an exception means to the caller.</summary>
/// <param name="Status">The HTTP status that it is answered with.</param>
/// <param name="Detail">What is wrong, and what to do.</param>
public sealed record Problem(int Status, string Detail)
{
    /// <summary>What is answered to an exception that no table knows, and that goes to the log whole.</summary>
    public static Problem Unexpected { get; } = new(StatusCodes.Status500InternalServerError, "An unexpected error; the log of the service says more.");

    /// <summary>Seconds after which the caller may ask again; null where asking again is no help, or nothing is known of when.</summary>
    public int? RetryAfter { get; init; }
}
