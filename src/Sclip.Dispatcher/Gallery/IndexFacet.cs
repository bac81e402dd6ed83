namespace Sclip.Dispatcher.Gallery;

/// <summary>What the images of an index are counted by, within each part.</summary>
internal enum IndexFacet
{
    /// <summary>All images; its only value is 0.</summary>
    All,

    /// <summary>Those in which a class occurs, by its place in the job's labels.</summary>
    Class,

    /// <summary>Those that failed with the same words, by <see cref="ErrorDigest"/>.</summary>
    Error,
}
