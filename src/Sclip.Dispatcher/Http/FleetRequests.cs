using System.Text.Json.Serialization;

namespace Sclip.Dispatcher.Http;

/// <summary>Asks something for several jobs.</summary>
/// <param name="Ids">Their ids, each once.</param>
internal sealed record JobsRequest([property: JsonRequired] IReadOnlyList<string> Ids)
{
    /// <summary>Most jobs of a request.</summary>
    public const int MostJobs = 500;
}

/// <summary>Asks for what several jobs have no results of.</summary>
/// <param name="Ids">Their ids, each once.</param>
/// <param name="Failed">Whether images that failed are labelled again, too.</param>
internal sealed record RetryRequest([property: JsonRequired] IReadOnlyList<string> Ids, bool Failed = false);

/// <summary>Asks for another priority of several jobs.</summary>
/// <param name="Ids">Their ids, each once.</param>
/// <param name="Priority">0 to 9; 5 and more pass other jobs.</param>
internal sealed record PrioritiesRequest([property: JsonRequired] IReadOnlyList<string> Ids, [property: JsonRequired] int Priority);

/// <summary>Asks for another priority of a job.</summary>
/// <param name="Priority">0 to 9; 5 and more pass other jobs.</param>
internal sealed record PriorityRequest([property: JsonRequired] int Priority);
