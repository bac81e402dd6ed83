namespace Sclip.Evaluation.Metrics;

/// <summary>Why a picture cannot be counted.</summary>
/// <param name="Picture">The picture's name.</param>
/// <param name="Message">What is wrong, and where.</param>
/// <param name="Advice">What to do, a sentence each; said once for all that have the same.</param>
internal sealed record MaskFault(string Picture, string Message, params string[] Advice)
{
    public const string SizeAdvice = "A prediction must be as large as its ground truth; label the pictures that the ground truth was made of.";
}

/// <summary>The pictures that cannot be counted: the first by their number in the list, no more than a person wants to read. They are told by name.</summary>
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
        var named = _faults.Values.Take(Most).OrderBy(fault => fault.Picture, StringComparer.Ordinal).ToArray();
        var advice = string.Concat(named.SelectMany(fault => fault.Advice).Distinct().Select(text => $"\n{text}"));
        throw new EvaluationException(named.Length == 1
            ? named[0].Message + advice
            : $"{(AreEnough ? $"The first {Most} pictures" : $"{named.Length} pictures")} that cannot be evaluated:\n{string.Join('\n', named.Select(fault => $"  {fault.Message}"))}{advice}");
    }
}
