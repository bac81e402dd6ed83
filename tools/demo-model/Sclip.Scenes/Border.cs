using System.Numerics;

namespace Sclip.Scenes;

/// <summary>A wavy border across a scene: level more often than upright.</summary>
internal sealed class Border
{
    private readonly Vector2 _normal;
    private readonly float _distance, _height, _length;
    private readonly Noise _wave;

    public Border(SceneRandom random, int width, int height)
    {
        var angle = random.Between(-0.35f, 0.35f) + (random.Happens(0.7f) ? 0 : random.Happens(0.5f) ? MathF.PI / 2 : -MathF.PI / 2);
        _normal = new(MathF.Sin(angle), MathF.Cos(angle));
        _distance = Vector2.Dot(_normal, new(width * random.Between(0.25f, 0.75f), height * random.Between(0.25f, 0.75f)));
        (_height, _length, _wave) = (random.Between(0, 18), random.Between(14, 40), new Noise(random.Bits()));
    }

    /// <summary>Whether a point is on the far side.</summary>
    public bool IsBehind(Vector2 point) =>
        Vector2.Dot(_normal, point) + _height * _wave.At((point.X * _normal.Y - point.Y * _normal.X) / _length, 0) > _distance;
}
