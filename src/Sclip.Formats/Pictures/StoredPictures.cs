using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Storage;

namespace Sclip.Formats.Pictures;

/// <summary>The pictures of a job, in their container by the names in its results.</summary>
/// <param name="store">The container.</param>
public sealed class StoredPictures(IBlobStore store) : PictureFiles
{
    internal override async Task<SourcePicture> ReadAsync(ImageResult result, CancellationToken cancellationToken)
    {
        try
        {
            return new SourcePicture((await store.ReadAsync(result.Image, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, store is FileBlobStore files ? System.IO.Path.Combine(files.Root, result.Image) : null);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            throw new PictureException($"its picture: {error.Message}");
        }
    }
}
