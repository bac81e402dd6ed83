namespace Sclip.Scaling.Cluster;

/// <summary>A job that is submitted.</summary>
internal sealed record JobArrival
{
    /// <summary>When, in seconds.</summary>
    public required double Time { get; init; }

    public required int Images { get; init; }

    public int ShardSize { get; init; } = 64;

    public bool Urgent { get; init; }

    /// <summary>Which label set it has; workers keep embeddings by set.</summary>
    public int LabelSet { get; init; }

    /// <summary>Mean windows of an image: 6 at 500 x 375 pixels and the default settings.</summary>
    public double WindowsPerImage { get; init; } = 6;

    /// <summary>Spread of the windows of single images: the standard deviation of their logarithm.</summary>
    public double ImageSpread { get; init; } = 0.4;

    public int Shards => (Images + ShardSize - 1) / ShardSize;
}
