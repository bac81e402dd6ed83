namespace Sclip.Segmentation.Vision;

/// <summary>Size of a window in pixels.</summary>
internal readonly record struct WindowSize(int Height, int Width);
