namespace Sclip.Storage;

/// <summary>A blob in a listing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ETag">The tag of its version.</param>
/// <param name="Modified">When it was written.</param>
/// <param name="Md5">The MD5 hash of its content, where the store keeps one.</param>
/// <param name="IsFolder">Whether it is empty and only marks a folder, as data lakes and Hadoop have it (<c>hdi_isfolder</c>).</param>
public sealed record BlobEntry(string Name, long Bytes, string ETag, DateTimeOffset Modified, byte[]? Md5 = null, bool IsFolder = false);
