namespace Sclip.Formats.Writing;

/// <summary>Writes one format. Pictures are encoded on many threads, and then added in the order of the results.</summary>
internal interface IFormatWriter : IAsyncDisposable
{
    /// <summary>Encodes a picture; writes nothing, and may run at the same time as others.</summary>
    /// <exception cref="PictureException">The picture cannot be exported.</exception>
    EncodedPicture Encode(LabelledPicture picture);

    /// <summary>Writes what is known only when all pictures are added.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}
