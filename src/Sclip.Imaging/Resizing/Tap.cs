namespace Sclip.Imaging.Resizing;

/// <summary>Where a target position lies in the source.</summary>
/// <param name="First">Offset of the source position before it.</param>
/// <param name="Second">Offset of the source position behind it.</param>
/// <param name="Share">Share of the second, 0 to 1.</param>
internal readonly record struct Tap(int First, int Second, float Share);
