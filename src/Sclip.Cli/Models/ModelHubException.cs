namespace Sclip.Cli.Models;

/// <summary>A model that cannot be found or downloaded; the message says why and what to do.</summary>
internal sealed class ModelHubException(string message, Exception? inner = null) : Exception(message, inner);
