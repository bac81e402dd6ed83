using System.Numerics.Tensors;
using Sclip.Segmentation;

namespace Sclip.Workbench.Judging;

/// <summary>
/// How the names compete at a pixel, as the label map has it: the best wins it for its class, by the probability that the softmax over all names gives it. Kept is
/// what a name more or less needs to be told without the others.
/// </summary>
/// <param name="Best">The highest cosine.</param>
/// <param name="Name">Whose it is; of equal ones the first.</param>
/// <param name="Second">The next.</param>
/// <param name="SecondName">Whose that is; -1 where there is one name only.</param>
/// <param name="Rest">What all but the best add to the softmax's sum, in which the best is 1.</param>
/// <param name="Tail">What all but the first two add to the sum in which the second is 1: at a large logit scale it is of account where <paramref name="Rest"/> is 0 in floats.</param>
internal readonly record struct NameCompetition(float Best, int Name, float Second, int SecondName, float Rest, float Tail)
{
    /// <summary>The probability of the best name.</summary>
    public float Probability => 1 / (1 + Rest);

    /// <summary>Lets names compete.</summary>
    /// <param name="feature">The pixel's feature.</param>
    /// <param name="labels">The names.</param>
    /// <param name="scale">The logit scale.</param>
    /// <param name="cosines">Receives the cosines, <c>[names]</c>.</param>
    public static NameCompetition Of(ReadOnlySpan<float> feature, LabelEmbeddings labels, float scale, Span<float> cosines)
    {
        var (best, second) = (0, -1);
        for (var name = 0; name < cosines.Length; name++)
        {
            cosines[name] = TensorPrimitives.Dot(feature, labels.Values.AsSpan(name * labels.Dimension, labels.Dimension));
            if (name == 0)
                continue;
            if (cosines[name] > cosines[best])
                (best, second) = (name, best);
            else if (second < 0 || cosines[name] > cosines[second])
                second = name;
        }
        if (second < 0)
            return new NameCompetition(cosines[best], best, float.NegativeInfinity, second, Rest: 0, Tail: 0);
        var tail = 0f;
        for (var name = 0; name < cosines.Length; name++)
            tail += name == best || name == second ? 0 : MathF.Exp((cosines[name] - cosines[second]) * scale);
        return new NameCompetition(cosines[best], best, cosines[second], second, MathF.Exp((cosines[second] - cosines[best]) * scale) * (1 + tail), tail);
    }

    /// <summary>The pixel's class.</summary>
    /// <param name="labels">The names.</param>
    /// <param name="threshold">The probability below which it is the background; 0 where there is none.</param>
    public int Label(LabelEmbeddings labels, float threshold) => Probability < threshold ? labels.BackgroundClass!.Value : labels.ClassOfName[Name];

    /// <summary>The competition with a name more, by its cosine; what is known of the second holds only where the new one wins.</summary>
    /// <param name="cosine">The cosine.</param>
    /// <param name="name">What it is called if it wins.</param>
    /// <param name="scale">The logit scale.</param>
    public NameCompetition With(float cosine, int name, float scale) => cosine > Best
        ? new NameCompetition(cosine, name, Best, Name, (1 + Rest) * MathF.Exp((Best - cosine) * scale), Rest)
        : this with { Rest = Rest + MathF.Exp((cosine - Best) * scale) };

    /// <summary>The competition without one of two names or more, by its cosine; the second is not known any more.</summary>
    public NameCompetition Without(float cosine, int name, float scale) => Name == name
        ? this with { Best = Second, Name = SecondName, Rest = Tail }
        : this with { Rest = Math.Max(0, Rest - MathF.Exp((cosine - Best) * scale)) };
}
