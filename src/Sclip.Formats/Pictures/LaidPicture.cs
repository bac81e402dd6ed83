namespace Sclip.Formats.Pictures;

/// <summary>A picture as it will lie in an export.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">Its file; of a link, none.</param>
/// <param name="Target">What it is a link to; null where it is a file.</param>
/// <param name="Counts">What it adds to the counts.</param>
/// <param name="Ending">The ending of the file that it is made of; null where that lies in no folder.</param>
internal sealed record LaidPicture(string Name, byte[] Bytes, string? Target, PictureCounts Counts, string? Ending);
