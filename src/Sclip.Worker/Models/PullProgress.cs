namespace Sclip.Worker.Models;

/// <summary>How far a file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Bytes that are there, those of an earlier pull included.</param>
/// <param name="Total">Its bytes; null where they are not known.</param>
/// <param name="Done">Whether it is complete and verified.</param>
public readonly record struct PullProgress(string File, long Bytes, long? Total, bool Done);
