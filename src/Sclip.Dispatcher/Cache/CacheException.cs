namespace Sclip.Dispatcher.Cache;

/// <summary>What is kept beside the blobs to answer soon cannot be used; the message says why, and what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="isLost">Whether it is damaged or gone, so that it is made anew from the blobs; else it is left as it is.</param>
/// <param name="inner">What went wrong.</param>
public sealed class CacheException(string message, bool isLost, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether it is damaged or gone, so that it is made anew from the blobs; else it is left as it is.</summary>
    public bool IsLost => isLost;
}
