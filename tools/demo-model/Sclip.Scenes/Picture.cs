namespace Sclip.Scenes;

/// <summary>A drawn scene, or a window of one.</summary>
/// <param name="Rgb"><c>[height, width, 3]</c>.</param>
/// <param name="Labels">Class of each pixel, <c>[height, width]</c>: an index into <see cref="SceneClasses.All"/>.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public sealed record Picture(byte[] Rgb, byte[] Labels, int Width, int Height);
