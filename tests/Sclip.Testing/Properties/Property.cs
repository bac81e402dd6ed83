using CsCheck;

namespace Sclip.Testing;

/// <summary>
/// Properties: what holds for whatever a generator makes. Each test says how often it tries, for about a second; every run tries other inputs.
/// Where one fails, the smallest counterexample found is shown with its seed: <c>CsCheck_Seed=...</c> in the environment repeats it. A seed is
/// fixed nowhere, for it would be that of the first input only. <c>CsCheck_Time=60</c> tries each property for a minute instead, which finds
/// rarer faults.
/// </summary>
public static class Property
{
    private const int SecondsToShrink = 5;

    /// <summary>Tries a property, on one thread, as test classes run side by side already.</summary>
    /// <param name="inputs">What makes the inputs.</param>
    /// <param name="times">How many inputs are tried.</param>
    /// <param name="property">Throws where it does not hold.</param>
    /// <param name="print">Shows an input; without it, as CsCheck does.</param>
    public static void Holds<T>(this Gen<T> inputs, int times, Action<T> property, Func<T, string>? print = null)
    {
        try
        {
            inputs.Sample(property, iter: times, threads: 1, print: print);
        }
        catch (CsCheckException)
        {
            // Smaller counterexamples are met by chance as well: what is left of a second is not enough for them.
            inputs.Sample(property, time: SecondsToShrink, threads: 1, print: print);
            throw;
        }
    }
}
