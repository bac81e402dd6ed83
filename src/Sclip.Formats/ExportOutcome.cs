namespace Sclip.Formats;

/// <summary>What an export came to.</summary>
/// <param name="Summary">What became of the pictures.</param>
/// <param name="Notices">What a person should know of it, such as names that are others there; a sentence each.</param>
public sealed record ExportOutcome(ExportSummary Summary, IReadOnlyList<string> Notices);
