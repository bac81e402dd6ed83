using System.Numerics;

namespace Sclip.Scenes;

/// <summary>
/// A scene: one to three backgrounds, divided by wavy borders, and things in front of them. Any thing stands before any background, so that a patch tells
/// its class by what is in it and not by what is around it.
/// </summary>
public sealed class Scene
{
    private const int LongestTry = 12;
    private readonly Texture[] _textures;
    private readonly int[] _backgrounds;
    private readonly Border[] _borders;
    private readonly List<PlacedThing> _things = [];
    private readonly float _brightness, _contrast, _grain;
    private readonly Noise _film;

    /// <summary>Makes up a scene.</summary>
    /// <param name="random">Draws all of it.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="backgrounds">How many backgrounds.</param>
    /// <param name="things">How many things, if there is room.</param>
    public Scene(SceneRandom random, int width, int height, int backgrounds, int things)
    {
        (Width, Height) = (width, height);
        _backgrounds = Distinct(random, backgrounds, SceneClasses.Backgrounds.Count);
        _textures = [.. _backgrounds.Select(background => Textures.Create(background, random))];
        _borders = [.. Enumerable.Range(1, backgrounds - 1).Select(_ => new Border(random, width, height))];
        for (var i = 0; i < things; i++)
            Place(random);
        (_brightness, _contrast, _grain, _film) = (random.Between(-10, 10), random.Between(0.88f, 1.1f), random.Between(0, 14), new Noise(random.Bits()));
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The centres of its things, in pixels.</summary>
    internal IEnumerable<Vector2> Centres => _things.Select(thing => thing.Centre);

    /// <summary>A scene as the demo's pictures and the held-out ones are: one to three backgrounds and two to four things.</summary>
    public static Scene Full(SceneRandom random, int width = 256, int height = 192) => new(random, width, height, Backgrounds(random), 2 + random.Below(3));

    /// <summary>A scene to learn from: one to three backgrounds and four to seven things.</summary>
    internal static Scene Crowded(SceneRandom random) => new(random, 256, 192, Backgrounds(random), 4 + random.Below(4));

    /// <summary>Draws a window of it; things are smoothed at their borders by four samples a pixel.</summary>
    /// <param name="left">Left edge in pixels.</param>
    /// <param name="top">Top edge in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public Picture Draw(int left, int top, int width, int height)
    {
        var (rgb, labels) = (new byte[width * height * 3], new byte[width * height]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var pixel = y * width + x;
                var centre = new Vector2(left + x + 0.5f, top + y + 0.5f);
                var region = Region(centre);
                var ground = _textures[region](centre.X, centre.Y);
                labels[pixel] = (byte)_backgrounds[region];
                var colour = Cover(centre, ground, ref labels[pixel]);
                colour = (colour - new Vector3(128)) * _contrast + new Vector3(128 + _brightness + _film.Point(left + x, top + y) * _grain);
                for (var channel = 0; channel < 3; channel++)
                    rgb[pixel * 3 + channel] = (byte)Math.Clamp(colour[channel], 0, 255);
            }
        return new Picture(rgb, labels, width, height);
    }

    /// <summary>The colour of a pixel with what stands before it; the last placed is in front.</summary>
    private Vector3 Cover(Vector2 centre, Vector3 ground, ref byte label)
    {
        var isNear = false;
        foreach (var thing in _things)
            if (thing.IsNear(centre))
            {
                isNear = true;
                if (thing.At(centre) is not null)
                    label = thing.Label;
            }
        if (!isNear)
            return ground;
        var sum = Vector3.Zero;
        for (var sample = 0; sample < 4; sample++)
        {
            var point = centre + new Vector2((sample & 1) * 0.5f - 0.25f, (sample >> 1) * 0.5f - 0.25f);
            var colour = ground;
            foreach (var thing in _things)
                if (thing.IsNear(point))
                    colour = thing.At(point) ?? colour;
            sum += colour;
        }
        return sum / 4;
    }

    private int Region(Vector2 point)
    {
        for (var i = _borders.Length - 1; i >= 0; i--)
            if (_borders[i].IsBehind(point))
                return i + 1;
        return 0;
    }

    private void Place(SceneRandom random)
    {
        for (var attempt = 0; attempt < LongestTry; attempt++)
        {
            var size = random.Between(20, 42);
            var centre = new Vector2(random.Between(0.3f * size, Width - 0.3f * size), random.Between(0.3f * size, Height - 0.3f * size));
            if (_things.Any(thing => Vector2.Distance(thing.Centre, centre) < 0.95f * (thing.HalfSize + size)))
                continue;
            var kind = random.Below(SceneClasses.Things.Count);
            _things.Add(new PlacedThing((byte)(SceneClasses.Backgrounds.Count + kind), centre, size, random.Between(-0.22f, 0.22f), Things.Create(kind, random)));
            return;
        }
    }

    private static int Backgrounds(SceneRandom random) => random.Happens(0.25f) ? 3 : random.Happens(0.7f) ? 2 : 1;

    private static int[] Distinct(SceneRandom random, int count, int of)
    {
        var all = Enumerable.Range(0, of).ToArray();
        for (var i = 0; i < count; i++)
        {
            var other = i + random.Below(of - i);
            (all[i], all[other]) = (all[other], all[i]);
        }
        return all[..count];
    }
}
