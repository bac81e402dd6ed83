namespace Sclip.Worker.Pipeline;

/// <summary>A picture whose outputs are ready to be written.</summary>
/// <param name="Segmented">What the engine said.</param>
/// <param name="Mask">The mask's file; null where the picture failed.</param>
/// <param name="Overlay">The overlay's file, where asked for.</param>
/// <param name="Doubt">The doubt map's file, where asked for.</param>
/// <param name="Features">The file of its features, where they are kept.</param>
/// <param name="Milliseconds">Time that encoding took.</param>
internal sealed record EncodedPicture(SegmentedPicture Segmented, ReadOnlyMemory<byte>? Mask, ReadOnlyMemory<byte>? Overlay, ReadOnlyMemory<byte>? Doubt, ReadOnlyMemory<byte>? Features, double Milliseconds);
