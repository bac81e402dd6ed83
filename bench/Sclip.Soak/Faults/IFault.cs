namespace Sclip.Soak.Faults;

/// <summary>A kind of fault.</summary>
internal interface IFault
{
    string Kind { get; }

    /// <summary>How many of it a deck of faults has; with at most a hundred in the deck, a run of 1,000 has ten times as many, at least.</summary>
    int Cards { get; }

    /// <summary>Begins it. All that is left to chance is drawn from the given numbers, in an order that does not depend on how things stand.</summary>
    /// <returns>What was done and when it is over; null where it cannot be done now.</returns>
    Task<Injection?> BeginAsync(Stage stage, Random random);
}

/// <summary>A fault under way.</summary>
/// <param name="What">What was done, for the reader.</param>
/// <param name="End">Done when all that belongs to it is over.</param>
internal sealed record Injection(string What, Task End)
{
    /// <summary>One that is over at once.</summary>
    public Injection(string what)
        : this(what, Task.CompletedTask)
    {
    }
}
