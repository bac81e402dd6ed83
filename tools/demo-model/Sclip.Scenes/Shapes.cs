using System.Numerics;

namespace Sclip.Scenes;

/// <summary>Tests whether a point lies in a shape; y points down.</summary>
internal static class Shapes
{
    public static bool InBox(Vector2 point, float left, float top, float right, float bottom) =>
        point.X >= left && point.X < right && point.Y >= top && point.Y < bottom;

    public static bool InEllipse(Vector2 point, float x, float y, float radiusX, float radiusY)
    {
        var (u, v) = ((point.X - x) / radiusX, (point.Y - y) / radiusY);
        return u * u + v * v < 1;
    }

    public static bool InTriangle(Vector2 point, Vector2 a, Vector2 b, Vector2 c)
    {
        var (ab, bc, ca) = (Side(point, a, b), Side(point, b, c), Side(point, c, a));
        return ab < 0 == bc < 0 && bc < 0 == ca < 0;
    }

    private static float Side(Vector2 point, Vector2 from, Vector2 to) => (to.X - from.X) * (point.Y - from.Y) - (to.Y - from.Y) * (point.X - from.X);
}
