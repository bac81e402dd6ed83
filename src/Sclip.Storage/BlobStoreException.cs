namespace Sclip.Storage;

/// <summary>A blob that cannot be read or written; the message names it and the reason.</summary>
public sealed class BlobStoreException(BlobStoreFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public BlobStoreFault Fault { get; } = fault;
}

/// <summary>Kinds of failure of a store: those of one blob, and those of the store itself.</summary>
public enum BlobStoreFault
{
    /// <summary>There is no such blob, or no such container.</summary>
    Missing,

    /// <summary>The caller may not.</summary>
    Denied,

    /// <summary>The blob is larger than the caller takes.</summary>
    TooLarge,

    /// <summary>The name cannot be one of a blob here.</summary>
    InvalidName,

    /// <summary>The store does not answer, or cannot take more; the same call may succeed later.</summary>
    Unavailable,
}
