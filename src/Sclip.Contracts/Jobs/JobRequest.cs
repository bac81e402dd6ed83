namespace Sclip.Contracts.Jobs;

/// <summary>A job as it is asked for, by <c>POST /jobs</c> or <c>sclip submit</c>.</summary>
public sealed record JobRequest
{
    /// <summary>The job's id; null derives one from all the rest, so that the same request twice is the same job.</summary>
    public string? Id { get; init; }

    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a job of its own is wanted although there is one of the same input and settings.</summary>
    public bool New { get; init; }

    /// <summary>
    /// A job whose kept features are labelled by these classes, in place of the images' pixels: images, model, method and windows are that job's, and need
    /// not be given. Null labels images.
    /// </summary>
    public string? FeaturesOf { get; init; }

    /// <summary>Where the images lie: <c>CONTAINER</c> or <c>CONTAINER/PREFIX</c>; null only with <c>features_of</c>.</summary>
    public string? Input { get; init; }

    /// <summary>Names of images in the container; null lists those below the prefix.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>The classes.</summary>
    public required IReadOnlyList<LabelClass> Labels { get; init; }

    /// <summary>Id of the model, <c>organisation/name</c>; null only with <c>features_of</c>.</summary>
    public string? Model { get; init; }

    /// <summary>How images are labelled.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>Most images of a shard.</summary>
    public int ShardSize { get; init; } = 64;

    /// <summary>0 to 9; 5 and more pass other jobs.</summary>
    public int Priority { get; init; }

    /// <summary>What workers must compute on, one of <see cref="JobDevices"/>; null leaves it open.</summary>
    public string? Device { get; init; }
}
