namespace Sclip.Formats;

/// <summary>One picture that cannot be exported; the others can.</summary>
public sealed class PictureException(string message) : Exception(message);
