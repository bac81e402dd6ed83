using Sclip.Contracts;

namespace Sclip.Formats.Pictures;

/// <summary>Where the pictures of results lie.</summary>
public abstract class PictureFiles
{
    /// <summary>The folders that they lie in; none where it is a store.</summary>
    public virtual IReadOnlyList<string> Folders => [];

    /// <summary>Reads the picture of a result.</summary>
    /// <exception cref="Sclip.Storage.BlobStoreException">The store does not answer.</exception>
    /// <exception cref="PictureException">The picture is not there, or cannot be read.</exception>
    internal abstract Task<SourcePicture> ReadAsync(ImageResult result, CancellationToken cancellationToken);
}
