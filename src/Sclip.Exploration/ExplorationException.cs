namespace Sclip.Exploration;

/// <summary>What was asked to be explored cannot be; the message says why and what to do.</summary>
public sealed class ExplorationException(string message) : Exception(message);
