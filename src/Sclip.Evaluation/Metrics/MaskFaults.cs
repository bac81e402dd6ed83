namespace Sclip.Evaluation.Metrics;

/// <summary>Why a picture cannot be counted.</summary>
/// <param name="Message">What is wrong, and where.</param>
/// <param name="Advice">What to do; said once for all that have the same.</param>
internal sealed record MaskFault(string Message, string? Advice = null)
{
    public const string SizeAdvice = "A prediction must be as large as its ground truth; label the pictures that the ground truth was made of.";
}

/// <summary>The pictures that cannot be counted: the first by their number in the list, no more than a person wants to read.</summary>
internal sealed class MaskFaults
{
    private const int Most = 10;

    private readonly SortedDictionary<long, MaskFault> _faults = [];

    public bool AreEnough => _faults.Count >= Most;

    public void Add(long number, MaskFault fault) => _faults.Add(number, fault);

    /// <exception cref="EvaluationException">There are some.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count == 0)
            return;
        var named = _faults.Values.Take(Most).ToArray();
        var advice = string.Concat(named.Select(fault => fault.Advice).OfType<string>().Distinct().Select(text => $"\n{text}"));
        throw new EvaluationException(named.Length == 1
            ? named[0].Message + advice
            : $"{(AreEnough ? $"The first {Most} pictures" : $"{named.Length} pictures")} that cannot be evaluated:\n{string.Join('\n', named.Select(fault => $"  {fault.Message}"))}{advice}");
    }
}
