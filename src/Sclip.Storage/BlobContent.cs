namespace Sclip.Storage;

/// <summary>A blob that was read.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="ETag">The tag of this version of it.</param>
public sealed record BlobContent(byte[] Bytes, string ETag);
