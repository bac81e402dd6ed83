using System.Runtime.CompilerServices;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The best class of as many pixels at once as a vector has floats: their logits stand name by name, so that nothing is added up or compared
/// within a vector, and few names waste no lanes.
/// </summary>
internal static unsafe class PixelWinners
{
    /// <param name="logits">Logits, <c>[names, T.Count]</c>.</param>
    /// <param name="names">Names.</param>
    /// <param name="classOfName">The class of each name, as a float.</param>
    /// <param name="scale">The logit scale.</param>
    /// <param name="label">The class of the best name of each pixel (the first of equal ones), as a float.</param>
    /// <param name="score">Its softmax score.</param>
    /// <param name="doubt">Its doubt (<see cref="PixelDoubt"/>).</param>
    /// <param name="max">Its logit.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Find<T>(float* logits, int names, float* classOfName, float scale, float* label, float* score, float* doubt, float* max)
        where T : struct, ISimd<T>
    {
        var best = Best<T>(logits, names);
        var (sum, winner) = (T.Broadcast(0), T.Broadcast(0));
        for (var name = names - 1; name >= 0; name--)
        {
            var logit = T.Load(logits + name * T.Count);
            sum += Simd.Exp((logit - best) * T.Broadcast(scale));
            winner = T.SelectEqual(logit, best, T.Broadcast(classOfName[name]), winner);
        }
        var other = BestOther(logits, names, classOfName, winner);
        T.Store(winner, label);
        T.Store(T.Broadcast(1) / sum, score);
        // Where there is no other class the power is clamped, and what is left of the doubt is no more than rounding.
        T.Store(T.Broadcast(2) / (T.Broadcast(1) + Simd.Exp((best - other) * T.Broadcast(PixelDoubt.Root * scale))), doubt);
        T.Store(best, max);
    }

    /// <summary>The same of scores that are final, which is what stands in the place of logits then.</summary>
    /// <param name="scores">Scores, <c>[names, T.Count]</c>.</param>
    /// <param name="names">Names.</param>
    /// <param name="classOfName">The class of each name, as a float.</param>
    /// <param name="label">The class of the best name of each pixel (the first of equal ones), as a float.</param>
    /// <param name="score">Its score.</param>
    /// <param name="next">The best score of another class; the lowest number where there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FindFinal<T>(float* scores, int names, float* classOfName, float* label, float* score, float* next)
        where T : struct, ISimd<T>
    {
        var (best, winner) = (Best<T>(scores, names), T.Broadcast(0));
        for (var name = names - 1; name >= 0; name--)
            winner = T.SelectEqual(T.Load(scores + name * T.Count), best, T.Broadcast(classOfName[name]), winner);
        T.Store(winner, label);
        T.Store(best, score);
        T.Store(BestOther(scores, names, classOfName, winner), next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Best<T>(float* logits, int names)
        where T : struct, ISimd<T>
    {
        var best = T.Load(logits);
        for (var name = 1; name < names; name++)
            best = T.Max(best, T.Load(logits + name * T.Count));
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T BestOther<T>(float* logits, int names, float* classOfName, T winner)
        where T : struct, ISimd<T>
    {
        var (other, lowest) = (T.Broadcast(float.MinValue), T.Broadcast(float.MinValue));
        for (var name = 0; name < names; name++)
            other = T.Max(other, T.SelectEqual(T.Broadcast(classOfName[name]), winner, lowest, T.Load(logits + name * T.Count)));
        return other;
    }
}
