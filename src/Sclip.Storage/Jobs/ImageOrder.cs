namespace Sclip.Storage.Jobs;

/// <summary>Which images come first; by doubt, confidence and share those that failed come last, and among equals those of the earlier shard come first.</summary>
public enum ImageOrder
{
    /// <summary>As the job has them, shard by shard.</summary>
    Shard,

    /// <summary>Those that are most in doubt, where a class is asked for that class in them; behind them those of earlier versions, the least confident first.</summary>
    Doubt,

    /// <summary>Those with the least mean confidence.</summary>
    Confidence,

    /// <summary>Those of which the class covers the largest share.</summary>
    Share,

    /// <summary>By name, as its bytes are in UTF-8.</summary>
    Name,
}
