using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>A job: all that its results depend on. Written once, never changed.</summary>
public sealed record JobDocument
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The least priority of jobs that pass others.</summary>
    public const int LeastUrgent = 5;

    /// <summary>Version of the document.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Where its images lie.</summary>
    public required JobInput Input { get; init; }

    /// <summary>The classes; the index is the value in a mask.</summary>
    public required IReadOnlyList<LabelClass> Labels { get; init; }

    /// <summary>What a person should know of how the classes were read: ids that are not the values in masks, keys that were passed over. Null where there is nothing.</summary>
    public IReadOnlyList<string>? LabelNotes { get; init; }

    /// <summary>Id of the model, <c>organisation/name</c>.</summary>
    public required string Model { get; init; }

    /// <summary>How images are labelled.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>The job whose kept features this one labels, in place of its images' pixels; null where it computes its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeaturesOf { get; init; }

    /// <summary>Most images of a shard.</summary>
    public required int ShardSize { get; init; }

    /// <summary>0 to 9; see <see cref="IsUrgent()"/>.</summary>
    public int Priority { get; init; }

    /// <summary>What workers must compute on, one of <see cref="JobDevices"/>; null leaves it open.</summary>
    public string? Device { get; init; }

    /// <summary>The W3C trace context of the submit, for the traces of all that follows.</summary>
    public string? TraceParent { get; init; }

    /// <summary>All that results depend on, and when it was submitted: by them a job is told from another of the same id.</summary>
    public JsonObject Describe()
    {
        var essence = JsonSerializer.SerializeToNode(WithMethodNamed() with { Name = null, LabelNotes = null, TraceParent = null }, Json.Default.JobDocument)!.AsObject();
        foreach (var other in (string[])["version", "id", "priority", "device"])
            essence.Remove(other);
        return essence;
    }

    /// <summary>The same job, its method named also where none was given, as documents had it at first: by that it stays the same job.</summary>
    public JobDocument WithMethodNamed() => this with { Settings = Settings with { Method = Settings.Method } };

    /// <summary>Whether the job goes to the queue that workers drain first: priorities 5 to 9.</summary>
    public bool IsUrgent() => IsUrgent(Priority);

    /// <summary>Whether jobs of a priority pass those of lower ones.</summary>
    public static bool IsUrgent(int priority) => priority >= LeastUrgent;
}
