namespace Sclip.Dispatcher.Gallery;

/// <summary>Images of a job that were asked for.</summary>
public sealed record ImagePage
{
    /// <summary>The images.</summary>
    public required IReadOnlyList<JobImage> Images { get; init; }

    /// <summary>Images of this filter that come before them.</summary>
    public required long Offset { get; init; }

    /// <summary>Images of this filter, as far as the job is indexed.</summary>
    public required long Total { get; init; }

    /// <summary>Images of the job that are indexed.</summary>
    public required long Indexed { get; init; }

    /// <summary>Images of the job in all; null while they are being listed.</summary>
    public long? JobImages { get; init; }

    /// <summary>Whether all images of the job that have a result are indexed; where they are not, asking again later gives more.</summary>
    public required bool Complete { get; init; }
}
