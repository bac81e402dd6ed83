namespace Sclip.Formats.Regions;

/// <summary>Bounds in pixels; right and bottom lie outside.</summary>
internal readonly record struct Box(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    /// <summary>The bounds with a run of pixels, which lies no higher than these.</summary>
    public Box With(int left, int right, int row) => new(Math.Min(Left, left), Top, Math.Max(Right, right), row + 1);
}
