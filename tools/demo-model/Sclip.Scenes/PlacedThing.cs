using System.Numerics;

namespace Sclip.Scenes;

/// <summary>A thing in a scene.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Centre">Its centre in pixels.</param>
/// <param name="HalfSize">Half its width and height in pixels.</param>
/// <param name="Tilt">What it is turned by, in radians.</param>
/// <param name="Look">What it looks like.</param>
internal sealed record PlacedThing(byte Label, Vector2 Centre, float HalfSize, float Tilt, Thing Look)
{
    private readonly Vector2 _axis = new(MathF.Cos(Tilt), MathF.Sin(Tilt));

    /// <summary>Whether a point may be in it; quick.</summary>
    public bool IsNear(Vector2 point) => Vector2.DistanceSquared(point, Centre) < 2 * HalfSize * HalfSize;

    /// <summary>Its colour at a point; null where it is not.</summary>
    public Vector3? At(Vector2 point)
    {
        var offset = (point - Centre) / HalfSize;
        return Look(new(offset.X * _axis.X + offset.Y * _axis.Y, offset.Y * _axis.X - offset.X * _axis.Y));
    }
}
