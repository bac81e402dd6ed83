using System.Text.Json.Nodes;

namespace Sclip.Formats.Importing;

/// <summary>What is imported, and where to.</summary>
public sealed record ImportRequest
{
    /// <summary>The annotations.</summary>
    public required IAnnotationSet Set { get; init; }

    /// <summary>The classes that they are brought to.</summary>
    public required ImportTarget Target { get; init; }

    /// <summary>The file or folder that they come from.</summary>
    public required string Source { get; init; }

    /// <summary>The folder of the masks: new or empty, or of an earlier import.</summary>
    public required string Output { get; init; }

    /// <summary>What else the result depends on, for the folder to say.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>Pictures that are worked at at once; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether an earlier import in the same folder is replaced.</summary>
    public bool Force { get; init; }
}
