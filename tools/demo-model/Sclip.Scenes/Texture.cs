using System.Numerics;

namespace Sclip.Scenes;

/// <summary>What a background looks like: a colour (0 to 255) for each point, in pixels.</summary>
internal delegate Vector3 Texture(float x, float y);

/// <summary>Makes textures of backgrounds; each one has colours, sizes and grain of its own.</summary>
internal static class Textures
{
    /// <summary>A texture of a background.</summary>
    /// <param name="background">Index into <see cref="SceneClasses.Backgrounds"/>.</param>
    /// <param name="random">Draws what varies.</param>
    public static Texture Create(int background, SceneRandom random) => background switch
    {
        0 => Grass(random),
        1 => Sky(random),
        2 => Sand(random),
        3 => Water(random),
        4 => Brick(random),
        5 => Wood(random),
        _ => throw new ArgumentOutOfRangeException(nameof(background)),
    };

    private static Texture Grass(SceneRandom random)
    {
        var colour = Vary(new(88, 158, 52), new(22, 24, 18), random);
        var (blades, tufts, hills) = (NewNoise(random), NewNoise(random), NewNoise(random));
        return (x, y) => colour + new Vector3(0.8f, 1, 0.5f) * (blades.At(x / 1.6f, y / 6) * 80 + tufts.At(x / 3, y / 10) * 50 + hills.At(x / 50, y / 50) * 35);
    }

    private static Texture Sky(SceneRandom random)
    {
        var colour = Vary(new(115, 178, 238), new(25, 20, 14), random);
        var (large, middle, small, cover) = (NewNoise(random), NewNoise(random), NewNoise(random), random.Between(0.05f, 0.35f));
        return (x, y) =>
        {
            var cloud = large.At(x / 55, y / 26) + 0.5f * middle.At(x / 22, y / 12) + 0.25f * small.At(x / 9, y / 6);
            return Vector3.Lerp(colour + new Vector3(y * 0.1f), new(250), Math.Clamp((cloud - cover) * 3, 0, 1));
        };
    }

    private static Texture Sand(SceneRandom random)
    {
        var colour = Vary(new(222, 194, 132), new(16, 15, 18), random);
        var (grain, dunes, wind, wave) = (NewNoise(random), NewNoise(random), NewNoise(random), random.Between(5, 9));
        return (x, y) => colour + new Vector3(grain.Point((int)x, (int)y) * 46 + MathF.Sin((y + wind.At(x / 40, y / 40) * 40) / wave) * 7 + dunes.At(x / 45, y / 45) * 22);
    }

    private static Texture Water(SceneRandom random)
    {
        var colour = Vary(new(28, 92, 158), new(18, 24, 24), random);
        var (swell, foam, length, width) = (NewNoise(random), NewNoise(random), random.Between(1.8f, 3), random.Between(6, 12));
        return (x, y) =>
        {
            var phase = swell.At(x / 36, y / 18) * 16;
            var wave = MathF.Sin(y / length + phase + MathF.Sin(x / width + phase) * 1.5f) * 22 + foam.At(x / 12, y / 3.5f) * 46;
            return colour + new Vector3(0.8f, 1, 1) * (wave > 24 ? wave + 38 : wave);
        };
    }

    private static Texture Brick(SceneRandom random)
    {
        var colour = Vary(new(160, 74, 58), new(20, 16, 14), random);
        var mortar = new Vector3(random.Between(165, 205));
        var (bricks, grain, height) = (NewNoise(random), NewNoise(random), random.Between(9, 13));
        var width = height * random.Between(2, 2.6f);
        return (x, y) =>
        {
            var row = (int)MathF.Floor(y / height);
            var across = x + (row & 1) * width / 2;
            var column = (int)MathF.Floor(across / width);
            var isMortar = y - row * height < 1.7f || across - column * width < 1.7f;
            return (isMortar ? mortar : colour + new Vector3(bricks.Point(column, row) * 50)) + new Vector3(grain.At(x / 2, y / 2) * 22);
        };
    }

    private static Texture Wood(SceneRandom random)
    {
        var colour = Vary(new(148, 102, 58), new(22, 18, 14), random);
        var (planks, fibre, rings, width, isUpright) = (NewNoise(random), NewNoise(random), NewNoise(random), random.Between(20, 34), random.Happens(0.5f));
        return (x, y) =>
        {
            var (across, along) = isUpright ? (x, y) : (y, x);
            var plank = (int)MathF.Floor(across / width);
            var value = planks.Point(plank, 0) * 34 + fibre.At(across / 1.6f, along / 40) * 50 + MathF.Sin((across + rings.At(across / 16, along / 70) * 26) / 2) * 9;
            return (colour + new Vector3(1, 0.85f, 0.65f) * value) * (across - plank * width < 1.6f ? 0.45f : 1);
        };
    }

    private static Vector3 Vary(Vector3 colour, Vector3 by, SceneRandom random) =>
        colour + by * new Vector3(random.Between(-1, 1), random.Between(-1, 1), random.Between(-1, 1));

    private static Noise NewNoise(SceneRandom random) => new(random.Bits());
}
