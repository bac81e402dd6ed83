namespace Sclip.Scenes;

/// <summary>Smooth noise: random values at the points of a lattice, blended between them.</summary>
/// <param name="seed">Which noise.</param>
internal readonly struct Noise(ulong seed)
{
    private readonly uint _seed = (uint)(seed ^ (seed >> 32));

    /// <summary>A value in [-0.5, 0.5); the lattice's points are 1 apart.</summary>
    public float At(float x, float y)
    {
        var (left, top) = (MathF.Floor(x), MathF.Floor(y));
        var (u, v) = (x - left, y - top);
        (u, v) = (u * u * (3 - 2 * u), v * v * (3 - 2 * v));
        var (column, row) = ((int)left, (int)top);
        var above = float.Lerp(Point(column, row), Point(column + 1, row), u);
        var below = float.Lerp(Point(column, row + 1), Point(column + 1, row + 1), u);
        return float.Lerp(above, below, v);
    }

    /// <summary>The value of a point of the lattice, in [-0.5, 0.5).</summary>
    public float Point(int column, int row)
    {
        var hash = _seed ^ ((uint)column * 0x85EBCA6B) ^ ((uint)row * 0xC2B2AE35);
        hash = (hash ^ (hash >> 16)) * 0x7FEB352D;
        hash = (hash ^ (hash >> 15)) * 0x846CA68B;
        hash ^= hash >> 16;
        return (hash >> 8) * (1f / (1 << 24)) - 0.5f;
    }
}
