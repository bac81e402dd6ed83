namespace Sclip.Scenes;

/// <summary>Random numbers that are the same for a seed wherever and whenever they are drawn: SplitMix64.</summary>
/// <param name="seed">Where it starts.</param>
public sealed class SceneRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1).</summary>
    public float Unit() => (Bits() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [from, to).</summary>
    public float Between(float from, float to) => from + Unit() * (to - from);

    /// <summary>A number in [0, count).</summary>
    public int Below(int count) => (int)(Bits() % (ulong)count);

    /// <summary>Whether something happens that does so with this probability.</summary>
    public bool Happens(float probability) => Unit() < probability;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
