namespace Sclip.Segmentation.Text;

/// <summary>A text as tokens.</summary>
/// <param name="Ids">From start-of-text to end-of-text, without padding.</param>
/// <param name="Truncated">Whether the text was longer than the model's context.</param>
internal readonly record struct TokenizedText(int[] Ids, bool Truncated);
