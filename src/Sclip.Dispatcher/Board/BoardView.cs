using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Board;

/// <summary>The overview of a moment, with its JSON, made once for all who watch.</summary>
internal sealed class BoardView(Overview overview, IReadOnlyDictionary<JobState, int> states, long number)
{
    // What only tells how time goes by is shown anew this often.
    private const int IdleStep = 10;

    private readonly string _essence = Essence(overview);
    private readonly Lazy<byte[]> _line = new(() => JsonSerializer.SerializeToUtf8Bytes(overview, Json.Default.Overview));

    /// <summary>What is known.</summary>
    public Overview Overview => overview;

    /// <summary>All jobs by how they stand.</summary>
    public IReadOnlyDictionary<JobState, int> States => states;

    /// <summary>Grows with each view that differs from the last.</summary>
    public long Number => number;

    /// <summary>The overview in JSON, on one line.</summary>
    public ReadOnlyMemory<byte> Line => _line.Value;

    /// <summary>The view that follows: of another number where anything but the time differs.</summary>
    public BoardView Next(Overview next, IReadOnlyDictionary<JobState, int> nextStates) =>
        new(next, nextStates, Essence(next) == _essence ? number : number + 1);

    private static string Essence(Overview view) => JsonSerializer.Serialize(
        view with
        {
            Time = default,
            Fleet = view.Fleet is { } fleet ? fleet with { Time = default } : null,
            Jobs = [.. view.Jobs.Select(job => job with { IdleSeconds = job.IdleSeconds / IdleStep })],
            Workers = [.. view.Workers.Select(worker => worker with { Heard = default })],
        },
        Json.Default.Overview);
}
