using System.Numerics;
using static Sclip.Scenes.Shapes;

namespace Sclip.Scenes;

/// <summary>What a thing looks like: its colour (0 to 255) at a point, null where it is not; it lies within -1..1 on both axes, y down.</summary>
internal delegate Vector3? Thing(Vector2 point);

/// <summary>Makes things; each one has colours, proportions and a side it faces of its own.</summary>
internal static class Things
{
    private static readonly Vector3 Glass = new(190, 225, 248), Black = new(26, 26, 30), White = new(246, 246, 240);

    /// <summary>A thing.</summary>
    /// <param name="thing">Index into <see cref="SceneClasses.Things"/>.</param>
    /// <param name="random">Draws what varies.</param>
    public static Thing Create(int thing, SceneRandom random)
    {
        var drawn = thing switch
        {
            0 => Tree(random),
            1 => House(random),
            2 => Car(random),
            3 => Boat(random),
            4 => Fish(random),
            5 => Flower(random),
            6 => Sun(random),
            _ => throw new ArgumentOutOfRangeException(nameof(thing)),
        };
        return random.Happens(0.5f) ? drawn : point => drawn(point with { X = -point.X });
    }

    private static Thing Tree(SceneRandom random)
    {
        var (crown, trunk, leaves) = (Vary(new(22, 92, 38), 14, random), Vary(new(96, 64, 38), 12, random), new Noise(random.Bits()));
        var isFir = random.Happens(0.4f);
        return point =>
        {
            var isCrown = isFir
                ? InTriangle(point, new(0, -1), new(0.55f, -0.2f), new(-0.55f, -0.2f)) || InTriangle(point, new(0, -0.6f), new(0.75f, 0.55f), new(-0.75f, 0.55f))
                : InEllipse(point, -0.38f, -0.1f, 0.5f, 0.48f) || InEllipse(point, 0.38f, -0.1f, 0.5f, 0.48f) || InEllipse(point, 0, -0.5f, 0.56f, 0.5f);
            if (isCrown)
                return crown * (1 + 1.5f * MathF.Max(leaves.At(point.X * 9, point.Y * 9), -0.28f));
            return InBox(point, -0.14f, 0.1f, 0.14f, 1) ? trunk : null;
        };
    }

    private static Thing House(SceneRandom random)
    {
        var (wall, roof, door) = (Vary(new(240, 222, 168), 12, random), Vary(new(92, 78, 112), 12, random), Vary(new(88, 58, 40), 10, random));
        return point =>
        {
            if (InTriangle(point, new(0, -0.95f), new(1, -0.15f), new(-1, -0.15f)))
                return MathF.Abs(point.Y * 8 - MathF.Round(point.Y * 8)) < 0.14f ? roof * 0.7f : roof;
            if (!InBox(point, -0.85f, -0.15f, 0.85f, 0.98f))
                return null;
            if (InBox(point, -0.16f, 0.4f, 0.16f, 0.98f))
                return door;
            var window = new Vector2(MathF.Abs(point.X) - 0.5f, point.Y - 0.25f);
            if (!InBox(window, -0.2f, -0.2f, 0.2f, 0.2f))
                return wall;
            return MathF.Min(MathF.Abs(window.X), MathF.Abs(window.Y)) < 0.03f ? White : Glass;
        };
    }

    private static Thing Car(SceneRandom random)
    {
        var (paint, tall) = (Vary(new(214, 24, 40), 14, random), random.Between(0.9f, 1.15f));
        return place =>
        {
            var point = place with { Y = place.Y / tall };
            foreach (var wheel in (ReadOnlySpan<float>)[-0.55f, 0.55f])
                if (InEllipse(point, wheel, 0.45f, 0.27f, 0.27f))
                    return InEllipse(point, wheel, 0.45f, 0.12f, 0.12f) ? new(172) : Black;
            if (InBox(point, -0.98f, -0.08f, 0.98f, 0.46f))
                return point.X > 0.86f && point.Y < 0.12f ? new(250, 240, 150) : point.Y is > 0.16f and < 0.22f ? paint * 0.7f : paint;
            var isRoof = InBox(point, -0.38f, -0.56f, 0.32f, -0.08f) || InTriangle(point, new(-0.38f, -0.56f), new(-0.38f, -0.08f), new(-0.68f, -0.08f)) || InTriangle(point, new(0.32f, -0.56f), new(0.32f, -0.08f), new(0.68f, -0.08f));
            return !isRoof ? null : point.Y > -0.46f && MathF.Abs(point.X + 0.03f) is > 0.05f and < 0.42f ? Glass : paint;
        };
    }

    private static Thing Boat(SceneRandom random)
    {
        var (hull, stripe) = (Vary(new(112, 40, 128), 14, random), Vary(new(120, 50, 140), 14, random));
        return point =>
        {
            if (point.Y is > 0.4f and < 0.88f && MathF.Abs(point.X) < 0.98f - (point.Y - 0.4f) * 0.75f)
                return point.Y < 0.5f ? White : hull;
            if (InBox(point, -0.05f, -0.98f, 0.05f, 0.4f))
                return new(84, 58, 40);
            if (!InTriangle(point, new(0.07f, -0.94f), new(0.9f, 0.3f), new(0.07f, 0.3f)) && !InTriangle(point, new(-0.07f, -0.74f), new(-0.07f, 0.3f), new(-0.68f, 0.3f)))
                return null;
            return MathF.Abs(point.Y * 3.4f - MathF.Round(point.Y * 3.4f)) < 0.22f ? stripe : White;
        };
    }

    private static Thing Fish(SceneRandom random)
    {
        var (scale, stripes) = (Vary(new(248, 128, 22), 12, random), random.Between(2.2f, 2.8f));
        return point =>
        {
            if (InEllipse(point, -0.68f, -0.12f, 0.1f, 0.12f))
                return InEllipse(point, -0.68f, -0.12f, 0.05f, 0.06f) ? Black : White;
            var isBody = InEllipse(point, -0.2f, 0, 0.78f, 0.56f);
            if (!isBody && !InTriangle(point, new(0.35f, 0), new(0.98f, -0.6f), new(0.98f, 0.6f)))
                return null;
            var band = MathF.Abs(point.X * stripes - MathF.Round(point.X * stripes));
            return band < 0.17f && point.X > -0.6f ? White : band < 0.23f && point.X > -0.6f ? Black : isBody ? scale : scale * 0.9f;
        };
    }

    private static Thing Flower(SceneRandom random)
    {
        var (petal, turn, petals) = (Vary(new(236, 92, 178), 16, random), random.Between(0, 6), 5 + random.Below(3));
        return point =>
        {
            var head = point - new Vector2(0, -0.3f);
            if (head.Length() < 0.24f)
                return new(248, 206, 60);
            var reach = 0.46f + 0.22f * MathF.Cos(petals * (MathF.Atan2(head.Y, head.X) + turn));
            if (head.Length() < reach)
                return petal * (0.72f + 0.4f * head.Length() / 0.68f);
            return InBox(point, -0.06f, -0.1f, 0.06f, 1) || InEllipse(point, 0.22f, 0.62f, 0.2f, 0.1f) ? new(52, 132, 48) : null;
        };
    }

    private static Thing Sun(SceneRandom random)
    {
        var (core, ray, turn) = (Vary(new(253, 226, 50), 6, random), Vary(new(250, 186, 26), 8, random), random.Between(0, 6));
        return point =>
        {
            var distance = point.Length();
            if (distance < 0.62f)
                return Vector3.Lerp(new(255, 244, 140), core, distance / 0.62f);
            var spoke = MathF.Abs(MathF.Cos(5 * (MathF.Atan2(point.Y, point.X) + turn)));
            return distance < 0.66f + 0.34f * (spoke - 0.35f) / 0.65f ? ray : null;
        };
    }

    private static Vector3 Vary(Vector3 colour, float by, SceneRandom random) =>
        colour + by * new Vector3(random.Between(-1, 1), random.Between(-1, 1), random.Between(-1, 1));
}
