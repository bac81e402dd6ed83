namespace Sclip.Formats;

/// <summary>Where the labelled pictures themselves are.</summary>
public interface IPictureSource
{
    /// <summary>Reads a picture's file.</summary>
    /// <param name="image">Its name in the results.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The file; null where it is not there, or cannot be read.</returns>
    Task<byte[]?> ReadAsync(string image, CancellationToken cancellationToken);
}
