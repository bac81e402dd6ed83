namespace Sclip.Testing.Otlp;

/// <summary>A span as it was received. Ids are in lower-case hexadecimal; a root's <see cref="ParentId"/> is empty.</summary>
public sealed record OtlpSpan
{
    /// <summary>The <see cref="Status"/> of a span that failed.</summary>
    public const int Error = 2;

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>The activity source.</summary>
    public required string Source { get; init; }

    public required IReadOnlyDictionary<string, object?> Attributes { get; init; }

    /// <summary>Attributes of the process that sent it.</summary>
    public required IReadOnlyDictionary<string, object?> Resource { get; init; }

    /// <summary>The spans that this one refers to.</summary>
    public required IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; }

    /// <summary>0 where nothing was said, 1 ok, 2 <see cref="Error"/>.</summary>
    public required int Status { get; init; }

    public string? Service => Resource.GetValueOrDefault("service.name") as string;
}
