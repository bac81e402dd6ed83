namespace Sclip.Evaluation;

/// <summary>An evaluation that cannot be done as it was asked for; the message says what, where and what to do.</summary>
public sealed class EvaluationException(string message, Exception? inner = null) : Exception(message, inner);
