namespace Sclip.Evaluation;

/// <summary>An evaluation, a benchmark or an exploration that cannot be done as it was asked for; the message says what, where and what to do.</summary>
public sealed class EvaluationException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do, where many may need the same and it is said once; the message is without it.</summary>
    public string? Advice { get; init; }
}
