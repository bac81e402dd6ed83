namespace Sclip.Formats;

/// <summary>One picture that cannot be exported; the others can.</summary>
internal sealed class PictureException(string message) : Exception(message);
